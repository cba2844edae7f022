import type { MessagePort } from 'node:worker_threads';
import { createLogger } from '../core/logger.js';
import { BACKGROUND_NICENESS, lowerThreadPriority } from '../core/thread-priority.js';
import type { FromStill, StillInit, ToStill } from './contract.js';
import { StillRenderer } from './still-renderer.js';

/** The thread that renders stills: one after the other, until it is ended. A mistake in here ends it, too. */
export function runStillThread(port: MessagePort, init: StillInit): void {
  lowerThreadPriority(BACKGROUND_NICENESS);
  const renderer = new StillRenderer(createLogger(init.logLevel, 'still'), init.ffmpegPath);
  port.on('message', (message: ToStill) => {
    if (message.type === 'memory') {
      renderer.setMemoryShort(message.isShort);
      return;
    }
    if (message.type === 'inputs') {
      renderer.setInputs(message.inputs);
      return;
    }
    if (message.type === 'predict') {
      const cost = renderer.predict(message.request);
      port.postMessage({ type: 'cost', cost } satisfies FromStill);
      return;
    }
    void renderer.render(message.request).then((still) => {
      port.postMessage({ type: 'still', still } satisfies FromStill, [still.bytes.buffer]);
    });
  });
  port.postMessage({ type: 'ready' } satisfies FromStill);
}
