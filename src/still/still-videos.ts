import type { Logger } from '../core/logger.js';
import { decodeVideoFrame } from '../ffmpeg/video-frame.js';
import { createPictureRing, PictureRingWriter } from '../memory/picture-ring.js';
import type { VideoFrame } from '../render/piece.js';
import { pictureFormatOf, type VideoTrack } from '../scene/video-track.js';

type Missing = { readonly track: VideoTrack; readonly number: number };

/**
 * The pictures of videos that a still shows: each is decoded by itself when it is known which it is. One that cannot be decoded
 * is left out, and its layer shows its placeholder, as on air.
 */
export class StillVideos {
  readonly #ffmpegPath: string;
  readonly #logger: Logger;
  readonly #frames = new Map<string, VideoFrame>();
  readonly #missing = new Map<string, Missing>();

  constructor(ffmpegPath: string, logger: Logger) {
    this.#ffmpegPath = ffmpegPath;
    this.#logger = logger;
  }

  /** See `VideoFrames`: one that is not there is decoded next. */
  frame(track: VideoTrack, number: number): VideoFrame | null {
    const name = `${number} ${track.key}`;
    const known = this.#frames.get(name);
    const asked = this.#missing.get(name);
    // As on air, the largest is for all.
    if (known === undefined && (asked === undefined || asked.track.widthPx < track.widthPx))
      this.#missing.set(name, { track, number });
    return known ?? null;
  }

  /** Decodes what has been asked for and was not there. False: it was all there. */
  async decodeMissing(): Promise<boolean> {
    const missing = [...this.#missing];
    this.#missing.clear();
    for (const [name, { track, number }] of missing) {
      const { widthPx, heightPx, video } = track;
      const ring = createPictureRing({
        widthPx,
        heightPx,
        format: pictureFormatOf(video),
        slots: 1,
      });
      const writer = new PictureRingWriter(ring);
      try {
        await decodeVideoFrame({
          ffmpegPath: this.#ffmpegPath,
          track,
          number: number % track.timeline.runFrames,
          into: writer.begin(number),
          logger: this.#logger,
        });
        writer.finish(number);
        this.#frames.set(name, { number, ring });
      } catch (error) {
        this.#logger.warn({ err: error }, 'a picture of a video could not be decoded for a still');
      }
    }
    return missing.length > 0;
  }

  /** Forgets all: another still shows others. */
  clear(): void {
    this.#frames.clear();
    this.#missing.clear();
  }
}
