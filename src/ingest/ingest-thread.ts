/** The ingest thread's whole life: takes the tracks that are wanted, and decodes them ahead of the mixer. */

import type { Logger } from '../core/logger.js';
import { findFfmpeg } from '../ffmpeg/binary.js';
import { toBaseUrl } from '../net/address.js';
import { createSystemResolver } from '../net/resolver.js';
import { TrackRingWriter } from '../memory/track-ring.js';
import type {
  FromIngest,
  IngestInit,
  InputReport,
  InputSpec,
  PageCall,
  ToIngest,
  Track,
  WantedVideo,
} from './contract.js';
import { BrowserProcess } from './browser-process.js';
import type { DecodeInput } from './decode-command.js';
import { FrameInbox } from './frame-inbox.js';
import { FrameReceiver } from './frame-receiver.js';
import { GuardProxy } from './guard-proxy.js';
import { InputDecoder } from './input-decoder.js';
import { InputSources } from './input-sources.js';
import { LapLengths } from './lap-lengths.js';
import { PageInput, type PageInputOptions } from './page-input.js';
import { PushedPixels } from './pushed-pixels.js';
import { SampleCache } from './sample-cache.js';
import { TrackDecoder } from './track-decoder.js';
import { VideoDecoder } from './video-decoder.js';

/** How often rings are filled up, milliseconds: a small part of what is decoded ahead. */
const TICK_MS = 20;

/** The same for the rings of videos, which hold less: a part of the time of a picture. */
const VIDEO_TICK_MS = 5;

/** What decodes a track. */
type Decoder = Pick<TrackDecoder, 'tick' | 'close'>;

/** Of a track with nothing to be decoded. */
const NO_DECODER: Decoder = { tick: () => undefined, close: () => undefined };

export class IngestThread {
  readonly #logger: Logger;
  readonly #post: (message: FromIngest) => void;
  readonly #ffmpegPath: string;
  readonly #guard: GuardProxy;
  readonly #cache = new SampleCache();
  readonly #lengths = new LapLengths();
  readonly #decoders = new Map<string, Decoder>();
  /** By their rings: the same video may be shown by two compositors, at different places. */
  readonly #videos = new Map<string, VideoDecoder>();
  /** Live inputs, by their keys. */
  readonly #inputs = new Map<string, InputDecoder | FrameReceiver | PageInput>();
  readonly #frames = new FrameInbox((answer) => {
    this.#post({ type: 'frame', answer });
  });
  #pixels: PushedPixels | null = null;
  readonly #inputSources: InputSources;
  readonly #browser: BrowserProcess;
  /** What the guard calls the addresses of tracks, by their keys. */
  readonly #names = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  readonly #videoTimer: NodeJS.Timeout;
  /** Names for the guard. */
  #named = 0;

  private constructor(
    {
      ffmpegPath,
      guard,
      inputSources,
      browser,
    }: {
      readonly ffmpegPath: string;
      readonly guard: GuardProxy;
      readonly inputSources: InputSources;
      readonly browser: BrowserProcess;
    },
    logger: Logger,
    post: (message: FromIngest) => void,
  ) {
    this.#ffmpegPath = ffmpegPath;
    this.#guard = guard;
    this.#inputSources = inputSources;
    this.#browser = browser;
    this.#logger = logger;
    this.#post = post;
    this.#timer = setInterval(() => {
      for (const decoder of this.#decoders.values()) decoder.tick();
      for (const decoder of this.#inputs.values()) decoder.tick();
    }, TICK_MS);
    this.#videoTimer = setInterval(() => {
      for (const decoder of this.#videos.values()) decoder.tick();
    }, VIDEO_TICK_MS);
  }

  /** @throws AppError SM_FFMPEG_* when there is no FFmpeg */
  static async open(
    init: IngestInit,
    logger: Logger,
    post: (message: FromIngest) => void,
  ): Promise<IngestThread> {
    const { path } = await findFfmpeg(init.ffmpegPath);
    const policy = {
      cdnBaseUrl: init.cdnBaseUrl === null ? null : toBaseUrl(init.cdnBaseUrl),
      allowPrivateHosts: new Set(init.allowPrivateHosts),
      ports: 'free',
    } as const;
    const resolver = createSystemResolver();
    const guard = new GuardProxy(policy, resolver, logger);
    await guard.open();
    const inputSources = new InputSources({ policy, resolver, guard, listenHost: init.listenHost });
    const { chromiumPath, allowPrivateHosts, cdnBaseUrl } = init;
    const browser = new BrowserProcess({ chromiumPath, allowPrivateHosts, cdnBaseUrl }, logger);
    const parts = { ffmpegPath: path, guard, inputSources, browser };
    const thread = new IngestThread(parts, logger, post);
    post({ type: 'ready' });
    return thread;
  }

  /** Takes one message of the main thread. */
  handle(message: ToIngest): void {
    if (message.type === 'tracks') this.#follow(message.tracks);
    else if (message.type === 'videos') this.#followVideos(message.videos);
    else if (message.type === 'inputs') this.#followInputs(message.inputs);
    else if (message.type === 'frame-senders') this.#frames.follow(message.senders);
    else if (message.type === 'frame') this.#frames.put(message.frame);
    else if (message.type === 'own-ports') this.#browser.hidePorts(message.ports);
    else if (message.type === 'page') {
      const { callId, inputId, call } = message;
      this.#post({ type: 'page', callId, isDone: this.#call(inputId, call) });
    } else this.#close();
  }

  #follow(tracks: readonly Track[]): void {
    const wanted = new Set(tracks.map(({ key }) => key));
    for (const [key, decoder] of [...this.#decoders]) {
      if (wanted.has(key)) continue;
      decoder.close();
      this.#decoders.delete(key);
      this.#guard.forget(this.#names.get(key) ?? '');
      this.#names.delete(key);
    }
    for (const track of tracks) {
      if (this.#decoders.has(track.key)) continue;
      const decoder = this.#decoderOf(track);
      this.#decoders.set(track.key, decoder);
      decoder.tick();
    }
  }

  #followVideos(videos: readonly WantedVideo[]): void {
    const wanted = new Set(videos.map(({ id }) => id));
    for (const [id, decoder] of [...this.#videos]) {
      if (wanted.has(id)) continue;
      decoder.close();
      this.#videos.delete(id);
    }
    for (const { id, track, ring } of videos) {
      if (this.#videos.has(id)) continue;
      const options = { track, ring, ffmpegPath: this.#ffmpegPath, logger: this.#logger };
      const decoder = new VideoDecoder(options);
      this.#videos.set(id, decoder);
      decoder.tick();
    }
  }

  #followInputs(inputs: readonly InputSpec[]): void {
    const wanted = new Set(inputs.map(({ key }) => key));
    for (const [key, decoder] of [...this.#inputs]) {
      if (wanted.has(key)) continue;
      decoder.close();
      this.#frames.remove(key);
      this.#inputs.delete(key);
    }
    for (const input of inputs) {
      if (this.#inputs.has(input.key)) continue;
      const decoder = this.#openInput(input);
      this.#inputs.set(input.key, decoder);
      decoder.tick();
    }
  }

  #openInput(input: InputSpec): InputDecoder | FrameReceiver | PageInput {
    const { content } = input;
    const report = (one: InputReport): void => {
      this.#post({ type: 'input', report: one });
    };
    if (content.kind === 'web') return this.#openPage(input, content.page, report);
    if (content.kind !== 'frames')
      return new InputDecoder({
        input,
        ffmpegPath: this.#ffmpegPath,
        open: () => this.#inputSources.open(content, input.latencyMs),
        logger: this.#logger,
        report,
      });
    this.#pixels ??= new PushedPixels();
    const receiver = new FrameReceiver({
      input,
      pixels: this.#pixels,
      report,
      answer: (answer) => {
        this.#post({ type: 'frame', answer });
      },
    });
    this.#frames.add(input, receiver);
    return receiver;
  }

  #openPage(
    input: InputSpec,
    page: PageInputOptions['page'],
    report: (report: InputReport) => void,
  ): PageInput {
    this.#pixels ??= new PushedPixels();
    const onMessage = (message: unknown): void => {
      this.#post({ type: 'page-message', inputId: input.id, message });
    };
    return new PageInput({
      input,
      page,
      browser: this.#browser,
      pixels: this.#pixels,
      report,
      onMessage,
    });
  }

  #call(inputId: string, call: PageCall): boolean {
    const input = [...this.#inputs.values()].find(
      (one): one is PageInput => one instanceof PageInput && one.inputId === inputId,
    );
    if (input === undefined) return false;
    if (call.kind === 'message') return input.send(call.message);
    input.reload();
    return true;
  }

  #decoderOf(track: Track): Decoder {
    const input = this.#inputOf(track);
    if (input === null) return NO_DECODER;
    return new TrackDecoder({
      track,
      ffmpegPath: this.#ffmpegPath,
      input,
      cache: this.#cache,
      lengths: this.#lengths,
      logger: this.#logger,
      report: (report) => {
        this.#post({ type: 'track', ...report });
      },
    });
  }

  /** Null: there is nothing, and the track is over. */
  #inputOf({ key, input, isLive, memory }: Track): DecodeInput | null {
    if (input.kind === 'path') return input;
    if (input.kind === 'missing') {
      new TrackRingWriter(memory).finish();
      const { reason } = input;
      this.#post({ type: 'track', key, state: 'failed', reason, retries: false });
      return null;
    }
    const name = String(this.#named++);
    this.#names.set(key, name);
    return { kind: 'url', isLive, ...this.#guard.admit(name, input.url) };
  }

  #close(): void {
    clearInterval(this.#timer);
    clearInterval(this.#videoTimer);
    for (const decoder of this.#videos.values()) decoder.close();
    this.#videos.clear();
    for (const decoder of this.#inputs.values()) decoder.close();
    this.#inputs.clear();
    for (const decoder of this.#decoders.values()) decoder.close();
    this.#decoders.clear();
    this.#browser.close();
    this.#guard.close();
    this.#post({ type: 'closed' });
  }
}
