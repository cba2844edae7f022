import { writeSync } from 'node:fs';
import { FILES_FD } from '../core/child-process.js';
import { openParent } from '../core/parent-process.js';
import type { PictureDecoder } from './pictures.js';
import { type FrameAnswer, type FrameRequest } from './frame-protocol.js';

/** The life of the process that decodes pushed pictures: until its owner is gone or ends it. */
export function runFrameDecoder(decoder: PictureDecoder): void {
  const owner = openParent<FrameRequest, FrameAnswer>(
    (request) => {
      decode(decoder, request).then(
        (answer) => {
          owner.send(answer);
        },
        (error: unknown) => {
          owner.send({
            type: 'failed',
            reason: error instanceof Error ? error.message : String(error),
          });
        },
      );
    },
    () => process.exit(),
  );
}

async function decode(decoder: PictureDecoder, request: FrameRequest): Promise<FrameAnswer> {
  const { rgba, width, height, hasAlpha } = await decoder.readFrame(request);
  for (let at = 0; at < rgba.length;) at += writeSync(FILES_FD, rgba, at, rgba.length - at, at);
  return { type: 'done', widthPx: width, heightPx: height, hasAlpha };
}
