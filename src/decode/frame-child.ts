import { writeSync } from 'node:fs';
import type { PictureDecoder } from './pictures.js';
import { PIXEL_FILE, type FrameAnswer, type FrameRequest } from './frame-protocol.js';

/** The life of the process that decodes pushed pictures: until its owner is gone or ends it. */
export function runFrameDecoder(decoder: PictureDecoder): void {
  const answer = (message: FrameAnswer): void => {
    // An owner that has gone is told of by `disconnect`; without a listener here it would end this process before that.
    process.send?.(message, undefined, undefined, () => undefined);
  };
  process.on('disconnect', () => process.exit());
  process.on('message', (request: FrameRequest) => {
    decode(decoder, request).then(answer, (error: unknown) => {
      answer({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
    });
  });
}

async function decode(decoder: PictureDecoder, request: FrameRequest): Promise<FrameAnswer> {
  const { rgba, width, height, hasAlpha } = await decoder.readFrame(request);
  for (let at = 0; at < rgba.length;) at += writeSync(PIXEL_FILE, rgba, at, rgba.length - at, at);
  return { type: 'done', widthPx: width, heightPx: height, hasAlpha };
}
