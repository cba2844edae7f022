import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { ThreadFault } from '../../../src/core/heartbeat.js';
import { startNginxRtmp, type NginxRtmp } from '../../support/nginx-rtmp.js';
import { MOVING_SCENE } from '../../support/scenes.js';
import { Service, SMALL_STREAM } from '../../support/service.js';
import { failThread, faultVariables } from '../../support/thread-faults.js';

/** Threads that a test can have fail, by the names of their entries; piscina's own is called `worker`. */
export const THREADS = [
  'compositor',
  'mixer',
  'stitcher',
  'worker',
  'preview',
  'preview-compositor',
  'still-renderer',
  'rtmp-server',
  'log-writer',
] as const;
export type ThreadName = (typeof THREADS)[number];

/** FFmpeg processes and decoders: ended with SIGKILL, or frozen with SIGSTOP. */
export const CHILDREN = ['encoder', 'relay', 'decoder'] as const;
export type ChildName = (typeof CHILDREN)[number];

export const CHILD_FAULTS = ['SIGKILL', 'SIGSTOP'] as const;
export type ChildFault = (typeof CHILD_FAULTS)[number];

export type Failure =
  | { readonly unit: ThreadName; readonly fault: ThreadFault }
  | { readonly unit: ChildName; readonly fault: ChildFault };

/**
 * Random sequences of failures. From 20 on every fault is tried with everything, which takes some minutes; few leave out
 * what takes long and is found in the same way as others.
 */
export const SEQUENCES = Number(process.env['FAILURE_SEQUENCES'] ?? 1);
export const IS_WHOLE = SEQUENCES >= 20;

const HealthSchema = z.object({ troubles: z.array(z.object({ reason: z.string() })) });

const OUTPUT = 'far';
const POLL_MS = 5;

/**
 * A service that is live with everything that can fail: an output to another server besides its own, a viewer of the
 * program and one of the scene in preview. Close it in an `after` hook.
 */
export class FailureRig {
  readonly service: Service;
  readonly #nginx: NginxRtmp;
  readonly #folder: string;
  readonly #viewers: WebSocket[] = [];
  #picture: Buffer = Buffer.alloc(0);
  #uploads = 0;
  #changes = 0;
  /** JPEGs that the viewers of the program and of the scene in preview have received. */
  readonly pictures = { program: 0, preview: 0 };

  private constructor(service: Service, nginx: NginxRtmp, folder: string) {
    this.service = service;
    this.#nginx = nginx;
    this.#folder = folder;
  }

  static async open(variables: Readonly<Record<string, string>> = {}): Promise<FailureRig> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-failures-'));
    const nginx = await startNginxRtmp();
    const service = await Service.start({
      ...SMALL_STREAM,
      ...faultVariables(join(folder, 'faults')),
      ...variables,
    });
    const rig = new FailureRig(service, nginx, folder);
    await service.show(MOVING_SCENE);
    await service.must('POST', '/api/scenes', { ...MOVING_SCENE, id: 'next' });
    await service.must('POST', '/api/preview', { sceneId: 'next' });
    await service.must('POST', '/api/outputs', { id: OUTPUT, url: nginx.url('key') });
    await rig.start();
    await rig.#prepareUploads();
    rig.#watch('program');
    rig.#watch('preview');
    await rig.picturesGoOn();
    return rig;
  }

  async close(): Promise<void> {
    for (const viewer of this.#viewers) viewer.terminate();
    await this.service.close();
    await this.#nginx.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async start(): Promise<void> {
    await this.service.must('POST', '/api/stream/start');
    await this.outputsAreLive();
  }

  async outputsAreLive(): Promise<void> {
    await Promise.all([OUTPUT, 'program'].map((id) => this.service.outputIsLive(id)));
  }

  async picturesGoOn(): Promise<void> {
    for (const source of ['program', 'preview'] as const) {
      const before = this.pictures[source];
      await this.service.until(
        `the viewer of ${source} sees more`,
        () => this.pictures[source] > before + 1,
      );
    }
  }

  /** Has something fail. Answers whether it was there. */
  async fail({ unit, fault }: Failure): Promise<boolean> {
    if (fault === 'SIGKILL' || fault === 'SIGSTOP') {
      const pid = this.pidOf(unit);
      if (pid === null) return false;
      process.kill(pid, fault);
      return true;
    }
    return failThread(join(this.#folder, 'faults'), { thread: unit, fault });
  }

  async block(thread: ThreadName): Promise<boolean> {
    return failThread(join(this.#folder, 'faults'), { thread, fault: 'block' });
  }

  pidOf(child: ChildName): number | null {
    if (child === 'encoder') return this.service.encoderPid;
    if (child === 'relay') return this.service.relayPid(this.#nginx.url('key'));
    return this.service.children().find(({ kind }) => kind === 'other')?.pid ?? null;
  }

  /** Has a still rendered, and answers whether that went well. */
  async still(): Promise<boolean> {
    const reply = await this.service.api('GET', '/api/scenes/moving/render?frame=10&format=jpeg');
    return reply.status === 200;
  }

  /** Uploads a picture that takes a while to be decoded; answers the status. */
  async upload(): Promise<number> {
    this.#uploads += 1;
    const path = `/api/assets?id=picture-${this.#uploads}`;
    const { status } = await this.service.api('POST', path, this.#picture);
    return status;
  }

  async health(): Promise<{ readonly status: number; readonly troubles: readonly string[] }> {
    const { status, json } = await this.service.api('GET', '/health');
    return { status, troubles: HealthSchema.parse(json).troubles.map(({ reason }) => reason) };
  }

  /** Does something while /health is asked all the time; `told` has all reasons that it has given so far. */
  async watchHealth<T>(action: (told: ReadonlySet<string>) => Promise<T>): Promise<T> {
    const told = new Set<string>();
    const polls = { areOver: false };
    const polling = (async (): Promise<void> => {
      while (!polls.areOver) {
        const { status, troubles } = await this.health();
        assert.equal(status, troubles.length === 0 ? 200 : 503);
        for (const reason of troubles) told.add(reason);
        await sleep(POLL_MS);
      }
    })();
    try {
      return await action(told);
    } finally {
      polls.areOver = true;
      await polling;
    }
  }

  /** Waits until /health has said 503 with a reason that fits, and then 200. Answers how long that took, milliseconds. */
  async sickAndWell(reason: RegExp): Promise<number> {
    const startedAtMs = performance.now();
    await this.service.until(`/health says 503 because of ${reason.source}`, async () => {
      const { status, troubles } = await this.health();
      return status === 503 && troubles.some((trouble) => reason.test(trouble));
    });
    await this.service.until('/health says 200', async () => (await this.health()).status === 200);
    return Math.round(performance.now() - startedAtMs);
  }

  /** Waits until all that is wanted works: a change is on air, and everybody gets new pictures. */
  async isAllWell(isLive: boolean): Promise<void> {
    await this.service.until('/health says 200', async () => (await this.health()).status === 200);
    await this.#change();
    if (isLive) await this.outputsAreLive();
    const state = isLive ? 'live' : 'offline';
    await this.service.until(
      `the stream is ${state}`,
      async () => (await this.service.status()).state === state,
    );
    let before = await this.service.ledger();
    await this.service.until('new pictures go out', async () => {
      const ledger = await this.service.ledger();
      // A clock that was started meanwhile counts anew.
      if (ledger.clock < before.clock) before = ledger;
      return ledger.rendered > before.rendered;
    });
    await this.picturesGoOn();
  }

  /** Deaths at nobody knows which layer are held against all of them: what is changed is judged anew. */
  async #change(): Promise<void> {
    this.#changes += 1;
    const fill = `#${this.#changes.toString(16).padStart(6, '0')}`;
    for (const scene of ['moving', 'next'])
      await this.service.must('PATCH', `/api/scenes/${scene}/layers/box`, { fill });
  }

  async #prepareUploads(): Promise<void> {
    const create = { width: 3000, height: 3000, channels: 3, background: '#147' } as const;
    this.#picture = await sharp({ create }).png().toBuffer();
  }

  #watch(source: 'program' | 'preview'): void {
    const viewer = new WebSocket(
      `ws://127.0.0.1:${this.service.apiPort}/ws/preview?source=${source}&width=320`,
    );
    viewer.on('error', () => undefined);
    viewer.on('message', () => (this.pictures[source] += 1));
    this.#viewers.push(viewer);
  }
}
