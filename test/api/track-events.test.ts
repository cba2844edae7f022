import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { TrackEvents } from '../../src/api/track-events.js';
import { toPlannedSound } from '../../src/assets/sound-tracks.js';
import type { PlannedTrack } from '../../src/program/contract.js';
import type { Command, MergePatch } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import type { Applied } from '../../src/state/port.js';
import { reduce } from '../../src/state/reduce.js';
import { assetOf, emptyState, SILENT } from '../state/samples.js';

/** What becomes of a playlist by what is told of its entries. */

const REASON = 'The server has no such file (404).';

/** A playlist, with entries of which nothing is decoded: a test tells what becomes of them. */
class ListRig {
  state: ServiceState = emptyState();
  readonly #planned = new Map<string, PlannedTrack>();
  readonly #events: TrackEvents;

  constructor(context: TestContext, urls: readonly string[]) {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    this.#events = new TrackEvents({
      store: this,
      publish: () => undefined,
      trackOf: (key) => this.#planned.get(key) ?? null,
      currentTrack: () => null,
      positions: () => ({}),
      logger: SILENT,
      now: () => 0,
    });
    const item = { id: 'list', content: contentOf(urls) };
    this.#do({ type: 'sound.create', list: 'sources', item, atMs: 0, transition: null });
  }

  /** What the state says is played: turns since the playlist was begun. */
  get turn(): number {
    return this.state.sound.playback['list']?.turn ?? NaN;
  }

  dispatch(command: Command): Promise<Applied> {
    return Promise.resolve(this.#do(command));
  }

  relist(urls: readonly string[]): void {
    this.patch(contentOf(urls));
  }

  patch(content: MergePatch): void {
    const patch = { content };
    const atMs = 0;
    this.#do({ type: 'sound.patch', list: 'sources', id: 'list', patch, atMs, transition: null });
  }

  /** The ingest thread could not decode what is played in a turn. */
  fail(turn: number, retries: boolean): void {
    this.#events.onReport({ key: this.#keyOf(turn), state: 'failed', reason: REASON, retries });
  }

  /** All three tries of it have failed. */
  failForGood(turn: number): void {
    for (const retries of [true, true, false]) this.fail(turn, retries);
  }

  /** The mixer has come to what is played in a turn. */
  tell(type: 'advanced' | 'started', turn: number): void {
    this.#events.onTrack({ type, key: this.#keyOf(turn) }, 0);
  }

  #keyOf(turn: number): string {
    const track = [...this.#planned.values()].find(({ run }) => run === turn);
    assert.ok(track !== undefined, `turn ${turn} is planned`);
    return track.key;
  }

  #do(command: Command): Applied {
    const before = this.state;
    const { state: after, events } = reduce(before, command);
    this.state = after;
    this.#planned.clear();
    const { tracks } = toPlannedSound(after, { soundFileOf: () => null }, null);
    for (const track of tracks) this.#planned.set(track.key, track);
    const applied = { command, before, after, events, acceptedAtNs: 0n };
    this.#events.applied(applied);
    return applied;
  }
}

function contentOf(names: readonly string[]): MergePatch {
  const entries = names.map((name) => ({ kind: 'url', url: `http://127.0.0.1/${name}.mp3` }));
  return { kind: 'playlist', entries };
}

for (const names of [
  ['good', 'dead'],
  ['good', 'dead', 'other'],
])
  test(`one dead entry of ${names.length} is passed over at once`, (context) => {
    const list = new ListRig(context, names);
    list.tell('started', 0);
    list.failForGood(1);
    list.tell('advanced', 1);
    assert.equal(list.turn, 1);
    list.tell('advanced', 2);
    assert.equal(list.turn, 2);
  });

test('a playlist of which no entry can be played goes on every five seconds', (context) => {
  const list = new ListRig(context, ['dead', 'gone']);
  list.failForGood(0);
  list.failForGood(1);
  list.tell('advanced', 1);
  context.mock.timers.tick(4900);
  assert.equal(list.turn, 0);
  context.mock.timers.tick(200);
  assert.equal(list.turn, 1);
  list.tell('advanced', 2);
  context.mock.timers.tick(4900);
  assert.equal(list.turn, 1);
});

test('an entry that is heard while a playlist waits ends the wait', (context) => {
  const list = new ListRig(context, ['flaky']);
  list.failForGood(0);
  list.tell('advanced', 1);
  assert.equal(list.turn, 0);
  list.fail(1, true);
  list.tell('started', 1);
  assert.equal(list.turn, 1);
  list.tell('advanced', 2);
  assert.equal(list.turn, 2);
  context.mock.timers.tick(6000);
  assert.equal(list.turn, 2);
});

test('another list is played at once, whatever of the one before has failed', (context) => {
  const list = new ListRig(context, ['dead', 'gone']);
  list.failForGood(0);
  list.failForGood(1);
  list.tell('advanced', 1);
  list.relist(['good', 'other']);
  // Its first entry begins, in another run.
  assert.equal(list.turn, 0);
  list.tell('advanced', 2);
  assert.equal(list.turn, 1);
});

test('a title that is found as its entry plays is told', (context) => {
  const list = new ListRig(context, ['first']);
  const tagged = (title: string | null): Command => {
    const counted = {
      durationMs: 1000,
      samples: 48_000,
      channels: 2,
      rateHz: 48_000,
      codec: 'pcm',
    };
    const audio = { ...counted, title, artist: null, album: null };
    const asset = assetOf({ id: 'late', name: 'late', kind: 'audio', audio });
    return { type: 'asset.put', asset };
  };
  void list.dispatch(tagged(null));
  list.patch({ entries: [{ kind: 'file', asset: 'late' }], variable: 'song' });
  assert.equal(Reflect.get(Object(list.state.variables['song']), 'title'), 'late');
  void list.dispatch(tagged('Song of late'));
  assert.equal(Reflect.get(Object(list.state.variables['song']), 'title'), 'Song of late');
});
