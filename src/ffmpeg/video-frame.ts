import { FRAME_ALLOCATOR_VARIABLES } from '../core/allocator.js';
import type { Logger } from '../core/logger.js';
import { settlesWithin } from '../core/settles-within.js';
import type { VideoTrack } from '../scene/video-track.js';
import { explainDecodeEnd } from './explain-decode.js';
import { FfmpegProcess } from './process.js';
import { limitedVideo, videoArguments } from './video-command.js';

/** How long FFmpeg may take for one picture, milliseconds: it may have to decode from a keyframe seconds before. */
const TIMEOUT_MS = 10_000;

/** Where it is tried again when nothing comes: a video may be shorter than it says. Pictures before. */
const STEPS_BACK = [0, 2, 10, 60];

export type VideoFrameRequest = {
  readonly ffmpegPath: string;
  readonly track: VideoTrack;
  /** Of the picture in a run. */
  readonly number: number;
  /** As large as a picture. */
  readonly into: Uint8Array;
  readonly logger: Logger;
};

/** Decodes one picture of a video; of one that ends before, its last. @throws Error when there is none */
export async function decodeVideoFrame(request: VideoFrameRequest): Promise<void> {
  let reason = '';
  for (const back of STEPS_BACK) {
    const first = Math.max(0, request.number - back);
    const failure = await decodeFrom(request, first);
    if (failure === null) return;
    reason = failure;
    if (first === 0) break;
  }
  throw new Error(reason);
}

/** The last picture from one on up to the one that is wanted. Answers why there is none; null: it is there. */
async function decodeFrom(request: VideoFrameRequest, first: number): Promise<string | null> {
  const { ffmpegPath, track, number, into, logger } = request;
  let received = 0;
  const ffmpeg = new FfmpegProcess({
    ...limitedVideo(ffmpegPath, videoArguments(track, first, number - first + 1)),
    logger,
    secrets: [],
    privateFiles: [],
    environment: { ...process.env, ...FRAME_ALLOCATOR_VARIABLES },
    onOutput: (bytes) => {
      for (let at = 0; at < bytes.length;) {
        const place = received % into.length;
        const part = bytes.subarray(at, at + into.length - place);
        into.set(part, place);
        received += part.length;
        at += part.length;
      }
    },
  });
  if (!(await settlesWithin(ffmpeg.ended, TIMEOUT_MS))) {
    ffmpeg.kill();
    return `FFmpeg took longer than ${TIMEOUT_MS / 1000} s.`;
  }
  if (received >= into.length && received % into.length === 0) return null;
  return explainDecodeEnd(await ffmpeg.ended, ffmpeg.complaints);
}
