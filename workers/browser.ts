import { createPictureDecoder } from '../src/decode/pictures.js';
import { runBrowser } from '../src/pages/browser-child.js';

/** Entry of the process of the browser. */

runBrowser(createPictureDecoder());
