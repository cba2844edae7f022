import { createLogger } from '../../src/core/logger.js';
import { ChildCpu } from '../../src/output/child-cpu.js';
import type { EncoderSettings } from '../../src/output/encoder-settings.js';
import { Encoder, originFrameFor } from '../../src/output/encoder.js';
import type { Ffmpeg } from '../../src/ffmpeg/binary.js';
import { silenceOf } from '../../src/output/sound-run.js';
import { FrameWindow, type Speed } from '../frame-window.js';
import { FORMAT, SOUND, WARM_UP_FRAMES } from './contender.js';

/** Runs `work` with the service's own encoder, started; what it delivers is thrown away. */
export async function withEncoder<T>(
  ffmpeg: Ffmpeg,
  settings: EncoderSettings,
  work: (encoder: Encoder) => Promise<T>,
): Promise<T> {
  const encoder = new Encoder({
    ffmpeg,
    settings,
    format: FORMAT,
    sound: SOUND,
    sink: { push: () => undefined, reset: () => undefined },
    childCpu: new ChildCpu(() => undefined),
    logger: createLogger('error', 'bench'),
    originFrame: originFrameFor(FORMAT.frameRate),
    onTrouble: () => undefined,
  });
  await encoder.start();
  try {
    return await work(encoder);
  } finally {
    await encoder.close();
  }
}

/**
 * The bound that no renderer can pass: the encoder fed with frames that are ready. They run to and fro, so that
 * there is no jump where they begin again.
 *  */
export async function measureEncoder(
  encoder: Encoder,
  frames: readonly Buffer[],
  seconds: number,
): Promise<Speed> {
  const window = new FrameWindow(WARM_UP_FRAMES, seconds);
  const period = 2 * (frames.length - 1);
  let sent = 0;
  const fill = (): void => {
    while (!window.isOver && encoder.canAccept()) {
      const step = sent % period;
      const picture = frames[Math.min(step, period - step)];
      if (picture === undefined) throw new RangeError('There are no frames.');
      const silence = silenceOf(sent, FORMAT.frameRate);
      encoder.write(sent++, picture, silence, () => {
        window.count();
      });
    }
  };
  const stopDrain = encoder.onDrain(fill);
  const stopFailed = encoder.onFailed((error) => {
    window.fail(error);
  });
  try {
    fill();
    return await window.speed;
  } finally {
    stopDrain();
    stopFailed();
  }
}
