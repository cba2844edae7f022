import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { NO_INPUTS } from '../../src/audio/input-player.js';
import { toPlannedSound } from '../../src/assets/sound-tracks.js';
import { probeSound } from '../../src/assets/probe-sound.js';
import type { PlayedSound, TrackEvent } from '../../src/audio/contract.js';
import { MIX_AHEAD_SAMPLES, Mixer } from '../../src/audio/mixer.js';
import type { ServiceEvent } from '../../src/core/event.js';
import { createLogger } from '../../src/core/logger.js';
import type { SoundMediaType } from '../../src/decode/protocol.js';
import type { Track, TrackReport } from '../../src/ingest/contract.js';
import { IngestThread } from '../../src/ingest/ingest-thread.js';
import { SOUND_CHANNELS } from '../../src/memory/sound-ring.js';
import { TrackRingReader } from '../../src/memory/track-ring.js';
import { TrackEvents } from '../../src/api/track-events.js';
import { TrackRings } from '../../src/program/track-rings.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import type { Applied } from '../../src/state/port.js';
import { reduce } from '../../src/state/reduce.js';
import { EMPTY_STATE } from '../assets/fixture.js';
import { assetOf } from '../state/samples.js';
import { soundOf, timeOf } from './rig.js';

const run = promisify(execFile);

/** Makes a file of sound with FFmpeg. @param args - what follows the input, such as a codec */
export async function makeSound(
  path: string,
  source: string,
  args: readonly string[] = [],
): Promise<void> {
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...args, path]);
}

/** @param samples - at 48 kHz, however many are made */
export function sine(samples: number, hz = 1000, amplitude = 0.5, rate = 48_000): string {
  return `aevalsrc=exprs=${amplitude}*sin(2*PI*${hz}*t):s=${rate}:d=${samples / 48_000}`;
}

/** By the endings of files. */
const MEDIA_TYPES: Readonly<Record<string, SoundMediaType>> = {
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
};

/** What the mixer has told. @param sample - of the media clock */
export type Told = TrackEvent & { readonly sample: number };

/** From commands to samples, with the real decoders and the real mixer, as fast as samples are asked for. */
export class TrackRig {
  readonly folder: string;
  readonly told: Told[] = [];
  readonly published: ServiceEvent[] = [];
  state: ServiceState = EMPTY_STATE;
  readonly #ingest: IngestThread;
  readonly #rings = new TrackRings();
  readonly #events: TrackEvents;
  readonly #files = new Map<string, { readonly path: string; readonly samples: number | null }>();
  #mixer = this.#createMixer();
  #played: PlayedSound = { sound: soundOf({}), tracks: {} };
  #next = 0;
  /** All that has come out, interleaved, from sample 0 of the media clock on. */
  readonly #out: number[] = [];

  private constructor(folder: string, ingest: IngestThread, reports: TrackReports) {
    this.folder = folder;
    this.#ingest = ingest;
    this.#events = new TrackEvents({
      store: this,
      publish: (event) => void this.published.push(event),
      trackOf: (key) => this.#rings.find(key),
      currentTrack: (strip) => this.#rings.current(strip),
      positions: () => this.#mixer.readMeters().positions,
      logger: createLogger('silent', 'test'),
      now: () => this.nowMs,
    });
    reports.listener = (report) => {
      this.#events.onReport(report);
    };
  }

  /** @param allowPrivateHosts - from which sound may be fetched */
  static async open(allowPrivateHosts: readonly string[] = []): Promise<TrackRig> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-tracks-'));
    const reports: TrackReports = { listener: () => undefined };
    const ingest = await IngestThread.open(
      {
        logLevel: 'silent',
        ffmpegPath: null,
        listenHost: '127.0.0.1',
        allowPrivateHosts,
        cdnBaseUrl: null,
        chromiumPath: null,
      },
      createLogger('silent', 'test'),
      (message) => {
        if (message.type === 'track') reports.listener(message);
      },
    );
    return new TrackRig(folder, ingest, reports);
  }

  /** The sample that is mixed next. */
  get next(): number {
    return this.#next;
  }

  /** Program time of the next sample. */
  get nowMs(): number {
    return timeOf(this.#next);
  }

  /** Makes a file known as an asset, as an upload would. */
  async addAsset(id: string, path: string, mediaType: SoundMediaType = 'audio/wav'): Promise<void> {
    const input = { path, mediaType, ffmpegPath: 'ffmpeg' };
    const audio = await probeSound(input);
    this.#files.set(id, { path, samples: audio.samples });
    this.do({ type: 'asset.put', asset: assetOf({ id, name: id, kind: 'audio', audio }) });
  }

  /** Makes a file with FFmpeg, and an asset of it. */
  async makeAsset(
    id: string,
    source: string,
    ending = 'wav',
    args: readonly string[] = ['-c:a', 'pcm_s24le'],
  ): Promise<void> {
    const path = join(this.folder, `${id}.${ending}`);
    await makeSound(path, source, args);
    await this.addAsset(id, path, MEDIA_TYPES[ending] ?? 'audio/wav');
  }

  create(id: string, content: object, fields: object = {}): void {
    const item = { id, content, ...fields };
    const atMs = this.nowMs;
    this.do({ type: 'sound.create', list: 'sources', item, atMs, transition: null });
  }

  remove(id: string): void {
    this.do({
      type: 'sound.remove',
      list: 'sources',
      id,
      atMs: this.nowMs,
      transition: null,
    });
  }

  /** Changes the state, and has it heard from the next sample on. */
  do(command: Command): Applied {
    const before = this.state;
    const { state, events } = reduce(before, command);
    this.state = state;
    this.published.push(...events);
    const plan = toPlannedSound(
      state,
      { soundFileOf: ({ id }) => this.#files.get(id) ?? null },
      null,
    );
    this.#rings.follow([plan]);
    this.#ingest.handle({ type: 'tracks', tracks: this.#rings.all });
    this.#played = this.#rings.played(plan);
    const applied = { command, before, after: state, events, acceptedAtNs: 0n };
    this.#events.applied(applied);
    return applied;
  }

  /** As the store has it. */
  dispatch(command: Command): Promise<Applied> {
    return Promise.resolve(this.do(command));
  }

  /** Another mixer in the place of the one that there is, as after a crash. */
  replaceMixer(): void {
    this.#mixer = this.#createMixer();
  }

  /** Waits until so many samples of every track are decoded, or all of them. */
  async decoded(samples = 48_000): Promise<void> {
    const isReady = ({ memory }: Pick<Track, 'memory'>): boolean => {
      const ring = new TrackRingReader(memory);
      return ring.end !== null || ring.available >= samples;
    };
    for (let tries = 0; tries < 1500; tries++) {
      if (this.#rings.all.every(isReady)) return;
      await sleep(10);
    }
    throw new Error('The tracks were not decoded within 15 seconds.');
  }

  /** Mixes on, waiting for what is decoded; block by block, after each of which what has happened is in the state. */
  async mix(samples: number, blockSamples = 800): Promise<void> {
    for (let done = 0; done < samples; done += blockSamples) {
      await this.decoded(Math.max(4800, 2 * blockSamples));
      this.mixNow(Math.min(blockSamples, samples - done));
      // What was told is stored in a promise's turn.
      await sleep(0);
    }
  }

  /** The same with what is decoded, whatever that is. */
  mixNow(samples: number): void {
    const target = new Float32Array(samples * SOUND_CHANNELS);
    const span = { first: this.#next, end: this.#next + samples };
    this.#mixer.mix([{ span, played: this.#played, timeOf }], target);
    this.#next = span.end;
    for (const value of target) this.#out.push(value);
  }

  /** The left channel from a sample of the media clock on; it must have been mixed, and `MIX_AHEAD_SAMPLES` more. */
  left(first: number, samples: number): Float32Array {
    return this.#channel(first, samples, 0);
  }

  right(first: number, samples: number): Float32Array {
    return this.#channel(first, samples, 1);
  }

  async close(): Promise<void> {
    this.#events.close();
    this.#rings.close();
    this.#ingest.handle({ type: 'close' });
    await rm(this.folder, { recursive: true, force: true });
  }

  #channel(first: number, samples: number, channel: 0 | 1): Float32Array {
    return Float32Array.from(
      { length: samples },
      (_, i) => this.#out[(first + i + MIX_AHEAD_SAMPLES) * SOUND_CHANNELS + channel] ?? NaN,
    );
  }

  #createMixer(): Mixer {
    return new Mixer({ render: () => false }, NO_INPUTS, (event, sample) => {
      this.told.push({ ...event, sample });
      this.#events.onTrack(event, Math.floor(sample / 800));
    });
  }
}

/** Who is told by the ingest thread: known when the thread is. */
type TrackReports = { listener: (report: TrackReport) => void };
