import { runFrameDecoder } from '../src/decode/frame-child.js';
import { createPictureDecoder } from '../src/decode/pictures.js';

/** Entry of the process that decodes pushed pictures. */

const decoder = createPictureDecoder();
runFrameDecoder(decoder);
// The first picture finds the library there; what fails is told with that.
decoder.load().catch(() => undefined);
