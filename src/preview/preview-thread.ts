import type { MessagePort } from 'node:worker_threads';
import { createLogger } from '../core/logger.js';
import { lowerThreadPriority } from '../core/thread-priority.js';
import { instantiateKernels } from '../memory/kernels.js';
import { ProgramFrameReader } from '../memory/program-frames.js';
import { PictureMaker } from './picture-maker.js';
import { PreviewLoop } from './preview-loop.js';
import type { FromPreview, PreviewInit, ToPreview } from './contract.js';

/** The preview thread: takes messages until one closes it, then lets the thread end by itself. */
export function runPreviewThread(port: MessagePort, init: PreviewInit): void {
  lowerThreadPriority(init.niceness);
  const logger = createLogger(init.logLevel, 'preview');
  const post = (message: FromPreview): void => {
    const jpeg = 'jpeg' in message ? message.jpeg : null;
    port.postMessage(message, jpeg === null ? [] : [jpeg.buffer]);
  };
  const loop = new PreviewLoop({
    reader: new ProgramFrameReader(init.memory),
    maker: new PictureMaker(init.memory, instantiateKernels(init.memory)),
    onPicture: (tier, jpeg) => {
      post({ type: 'picture', tier, jpeg });
    },
  });
  const grab = async (requestId: number, widthPx: number, quality: number): Promise<void> => {
    post({ type: 'grabbed', requestId, jpeg: await loop.grab(widthPx, quality) });
  };

  port.on('message', (message: ToPreview) => {
    switch (message.type) {
      case 'tiers':
        logger.debug({ tiers: message.tiers }, 'Tiers have changed');
        loop.setTiers(message.tiers);
        break;
      case 'grab':
        // A mistake in here ends the thread, as it should: the service starts a new one.
        void grab(message.requestId, message.widthPx, message.quality);
        break;
      case 'taken':
        loop.taken(message.tier);
        break;
      case 'close':
        loop.close();
        post({ type: 'closed' });
        port.close();
        break;
    }
  });
  post({ type: 'ready' });
}
