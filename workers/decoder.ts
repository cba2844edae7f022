import { ASSET_JOBS, loadAssetJob } from '../src/assets/decode-jobs.js';
import { runDecoder } from '../src/decode/child.js';

/** Entry of a decoder process. */

runDecoder(ASSET_JOBS, loadAssetJob);
// A process that is started ahead has everything for a picture, of which most jobs are; what fails is told to the first job.
loadAssetJob('writePixels').catch(() => undefined);
