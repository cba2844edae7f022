import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { AssetSources } from '../src/assets/sources.js';
import { glyphConsumer, previewCompositorConsumer, programConsumer } from '../src/consumers.js';
import { type Projected, Projection } from '../src/projection.js';
import type { SceneSnapshot } from '../src/compositor/contract.js';
import type { OutputTarget, ProgramConfig } from '../src/stitcher/contract.js';
import type { Command } from '../src/state/command.js';
import { foreseeAll } from '../src/state/foreseen.js';
import { openStateStore } from '../src/state/open-store.js';
import type { StateStore } from '../src/state/port.js';
import type { SpectrumWanted } from '../src/scene/sound/heard.js';
import { NOW, outputOf, recordingLogger, sceneOf, SETTINGS, SILENT } from './state/samples.js';

const NO_ASSETS: AssetSources = {
  pictureSourceOf: () => null,
  soundFileOf: () => null,
  fontPathOf: () => null,
};

let folder: string;
let store: StateStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-projection-'));
  store = await openStateStore({
    dataDir: folder,
    redisUrl: null,
    redisPrefix: '',
    settings: SETTINGS,
    durability: 'relaxed',
    logger: SILENT,
  });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function open(logger = SILENT): Projection {
  return new Projection({
    store,
    foresee: (state) => foreseeAll(state, null).foreseen,
    publishUrl: null,
    logger,
  });
}

/** Whoever is shown something, and what that was. */
class Recorder {
  plays = 0;
  readonly shown: SceneSnapshot[] = [];
  readonly spectra: (readonly SpectrumWanted[])[] = [];
  readonly configs: ProgramConfig[] = [];
  readonly targets: (readonly OutputTarget[])[] = [];

  show(snapshot: SceneSnapshot): void {
    this.shown.push(snapshot);
  }

  configure(config: ProgramConfig): void {
    this.configs.push(config);
  }

  setOutputs(targets: readonly OutputTarget[]): void {
    this.targets.push(targets);
  }

  play(): void {
    this.plays += 1;
  }

  measureSpectra(wanted: readonly SpectrumWanted[]): void {
    this.spectra.push(wanted);
  }

  get newest(): string | undefined {
    return this.shown.at(-1)?.scene?.background;
  }
}

async function putOnAir(id: string, background: string): Promise<void> {
  await store.dispatch({ type: 'scene.create', scene: sceneOf({ id, background }) });
  await store.dispatch({ type: 'scene.activate', sceneId: id, ...NOW });
}

const paint = (sceneId: string, background: string): Promise<unknown> =>
  store.dispatch({ type: 'scene.patch', sceneId, patch: { background }, ...NOW });

test('no change is missed, at whatever moment of the start it is made', async () => {
  await putOnAir('s', '#000001');
  const projection = open();
  await paint('s', '#000002');
  const underWay = paint('s', '#000003');
  const program = new Recorder();
  projection.add(programConsumer(program, NO_ASSETS, () => NOW.atMs));
  assert.equal(program.newest, '#000002', 'it is shown the newest state at once');
  await underWay;
  assert.equal(program.newest, '#000003');
  await paint('s', '#000004');
  assert.deepEqual(
    program.shown.map(({ scene }) => scene?.background),
    ['#000002', '#000003', '#000004'],
  );
});

test('each is sent only what differs for it', async () => {
  await putOnAir('s', '#000001');
  const projection = open();
  const program = new Recorder();
  const preview = new Recorder();
  projection.add(programConsumer(program, NO_ASSETS, () => NOW.atMs));
  projection.add(previewCompositorConsumer(preview, NO_ASSETS));
  const counts = (): number[] =>
    [program, preview].flatMap(({ shown, configs, targets }) => [
      shown.length,
      configs.length,
      targets.length,
    ]);
  const atFirst = counts();
  assert.deepEqual(atFirst, [1, 0, 1, 1, 1, 0]);
  const sent = async (work: () => Promise<unknown>): Promise<number[]> => {
    const before = counts();
    await work();
    return counts().map((count, i) => count - (before[i] ?? 0));
  };
  const scene = sceneOf({ id: 'unseen' });
  assert.deepEqual(
    await sent(() => store.dispatch({ type: 'scene.create', scene })),
    [0, 0, 0, 0, 0, 0],
  );
  assert.deepEqual(
    await sent(() => store.dispatch({ type: 'preview.load', sceneId: 'unseen', atMs: 1 })),
    [0, 0, 0, 1, 0, 0],
  );
  assert.deepEqual(await sent(() => paint('unseen', '#000002')), [0, 0, 0, 1, 0, 0]);
  assert.deepEqual(await sent(() => paint('s', '#000002')), [1, 0, 0, 0, 0, 0]);
  assert.deepEqual(
    await sent(() => store.dispatch({ type: 'config.patch', patch: { bitrate: 3_000_000 } })),
    [0, 1, 0, 0, 1, 0],
  );
  assert.deepEqual(
    await sent(() => store.dispatch({ type: 'output.create', output: outputOf({ id: 'o' }) })),
    [0, 0, 1, 0, 0, 0],
  );
});

test('the mixer is told of whatever changes what is heard, and of nothing else', async () => {
  const item = {
    id: 'tone',
    content: { kind: 'tone' },
    scope: 'scenes',
    strip: { bindings: { gainDb: 'gain' } },
  };
  await store.dispatch({ type: 'sound.create', list: 'sources', item, ...NOW });
  const projection = open();
  const program = new Recorder();
  projection.add(programConsumer(program, NO_ASSETS, () => NOW.atMs));
  const plays = async (...commands: Command[]): Promise<number> => {
    const before = program.plays;
    for (const command of commands) await store.dispatch(command);
    return program.plays - before;
  };
  const silent = sceneOf({ id: 'silent' });
  const sounding = sceneOf({ id: 'sounding', audio: [{ source: 'tone' }] });
  const set = (values: object): Command => ({
    type: 'variables.set',
    values: { ...values },
    ...NOW,
  });
  const created = [silent, sounding].map((scene): Command => ({ type: 'scene.create', scene }));
  assert.equal(await plays(...created), 0);
  assert.equal(await plays({ type: 'scene.activate', sceneId: 'silent', ...NOW }), 0);
  assert.equal(await plays({ type: 'scene.activate', sceneId: 'sounding', ...NOW }), 1);
  assert.equal(await plays(set({ other: 1 })), 0);
  assert.equal(await plays(set({ gain: -6 })), 1);
  assert.equal(projection.newest.airSound.sources[0]?.strip.gainDb, -6);
  assert.equal(await plays(set({ gain: 'loud' })), 1);
  assert.deepEqual(
    projection.newest.problems.map((problem) => problem.kind),
    ['value'],
  );
  const patch = { audio: [{ source: 'tone', gainDb: -3 }] };
  assert.equal(await plays({ type: 'scene.patch', sceneId: 'sounding', patch, ...NOW }), 1);
});

test('what is the same as before is the same object', async () => {
  await putOnAir('s', '#000001');
  const projection = open();
  const before: Projected = projection.newest;
  await store.dispatch({ type: 'scene.create', scene: sceneOf({ id: 'unseen' }) });
  const after = projection.newest;
  assert.notEqual(after, before);
  assert.equal(after.onAir, before.onAir);
  assert.equal(after.inPreview, before.inPreview);
  assert.equal(after.config, before.config);
  assert.equal(after.targets, before.targets);
});

test('one part that fails keeps no change from the others', async () => {
  const { logger, lines } = recordingLogger();
  const projection = open(logger);
  let isBroken = false;
  projection.add({
    follow: () => {
      if (isBroken) throw new Error('broken on purpose');
    },
  });
  const program = new Recorder();
  projection.add(programConsumer(program, NO_ASSETS, () => NOW.atMs));
  isBroken = true;
  await putOnAir('s', '#000001');
  assert.equal(program.newest, '#000001');
  assert.match(lines.join(''), /broken on purpose/);
});

test('a warning about glyphs that fails is logged and ends nothing', async () => {
  const { logger, lines } = recordingLogger();
  const projection = open(logger);
  const watch = (): void => {
    throw new Error('no font on purpose');
  };
  projection.add(glyphConsumer(watch, NO_ASSETS, logger));
  await putOnAir('s', '#000001');
  // An error in an immediate would end the process.
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(lines.join(''), /no font on purpose/);
});

test('follows nothing any more once it is closed', async () => {
  const projection = open();
  const program = new Recorder();
  projection.add(programConsumer(program, NO_ASSETS, () => NOW.atMs));
  projection.close();
  await putOnAir('s', '#000001');
  assert.equal(program.shown.length, 1);
});
