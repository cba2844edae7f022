import { ASSET_JOBS, loadAssetJob } from '../src/assets/decode-jobs.js';
import { runDecoder } from '../src/decode/child.js';

/** Entry of a decoder process. */

runDecoder(ASSET_JOBS, loadAssetJob);
