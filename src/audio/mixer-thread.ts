import { frameOfSample } from '../core/media-clock.js';
import type { Logger } from '../core/logger.js';
import { FrameRequests } from '../memory/frame-requests.js';
import { HeardWriter } from '../memory/heard-sound.js';
import { SoundRingWriter } from '../memory/sound-ring.js';
import type { SpectrumWanted } from '../scene/sound/heard.js';
import type { FromMixer, PlayedSound, MixerInit, ToMixer } from './contract.js';
import { LiveSounds } from './live-sounds.js';
import { MixerLoop } from './mixer-loop.js';
import { PushInputs } from './push-inputs.js';

/** Ten times a second. */
const STATS_INTERVAL_MS = 100;

/** The mixer thread's whole life: takes what is to be heard, and reports how loud it is. Owns the loop that mixes. */
export class MixerThread {
  readonly #init: MixerInit;
  readonly #logger: Logger;
  readonly #post: (message: FromMixer) => void;
  readonly #requests: FrameRequests;
  readonly #pushes: PushInputs;
  readonly #inputs: LiveSounds;
  #loop: MixerLoop | null = null;
  #spectra: readonly SpectrumWanted[] = [];
  #statsTimer: NodeJS.Timeout | null = null;

  constructor(init: MixerInit, logger: Logger, post: (message: FromMixer) => void) {
    this.#init = init;
    this.#logger = logger;
    this.#post = post;
    this.#requests = new FrameRequests(init.memory);
    this.#inputs = new LiveSounds(this.#requests);
    this.#pushes = new PushInputs(post, (sample) =>
      frameOfSample(sample, this.#requests.format.frameRate),
    );
    post({ type: 'ready' });
  }

  /** Takes one message of the main thread. */
  handle(message: ToMixer): void {
    switch (message.type) {
      case 'sound':
        if (this.#loop === null) this.#start(message);
        this.#loop?.follow(message, message.scheduled);
        return;
      case 'spectra':
        this.#spectra = message.wanted;
        this.#loop?.measureSpectra(message.wanted);
        return;
      case 'inputs':
        this.#inputs.follow(message.inputs);
        return;
      case 'push-open':
      case 'push-data':
      case 'push-flush':
      case 'push-mark':
      case 'push-end':
      case 'push-close':
        this.#pushes.handle(message);
        return;
      case 'close':
        this.#loop?.close();
        if (this.#statsTimer !== null) clearInterval(this.#statsTimer);
        this.#post({ type: 'closed' });
    }
  }

  /** Mixes from now on: not before it is known what. */
  #start(played: PlayedSound): void {
    const loop = new MixerLoop({
      requests: this.#requests,
      ring: new SoundRingWriter(this.#init.sound),
      heard: new HeardWriter(this.#init.heard),
      played,
      pushed: this.#pushes,
      inputs: this.#inputs,
      report: (event, sample) => {
        const frame = frameOfSample(sample, this.#requests.format.frameRate);
        this.#post({ type: 'track', event, frame });
      },
      onSilence: (report) => {
        this.#post({ type: 'silence', report });
      },
    });
    loop.measureSpectra(this.#spectra);
    this.#loop = loop;
    loop.run().catch((error: unknown) => {
      this.#logger.fatal({ err: error }, 'the mixer cannot go on');
      // Outside of the promise, where it ends the thread.
      setImmediate(() => {
        throw error;
      });
    });
    this.#statsTimer = setInterval(() => {
      this.#postStats(loop);
    }, STATS_INTERVAL_MS);
  }

  #postStats(loop: MixerLoop): void {
    this.#post({ type: 'stats', stats: loop.mixer.readMeters() });
  }
}
