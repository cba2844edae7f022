import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelAt } from '../../src/scene/sound/levels.js';
import type { Command, MergePatch } from '../../src/state/command.js';
import type { Transition } from '../../src/scene/schema/transition.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { entryAt } from '../../src/scene/sound/playlist-order.js';
import { seedOf } from '../../src/state/sound-playback.js';
import { EMPTY_STATE } from '../assets/fixture.js';

/** What becomes of what plays, and of levels on their way, as documents change. */

const AT_MS = 1_700_000_000_000;
const FADE = { durationMs: 60_000, easing: 'linear', delayMs: 0 } as const;

function after(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((each, command) => reduce(each, command).state, state);
}

function create(id: string, content: object): Command {
  const item = { id, content };
  return { type: 'sound.create', list: 'sources', item, atMs: AT_MS, transition: null };
}

function patch(id: string, fields: MergePatch, atMs = AT_MS): Command {
  return { type: 'sound.patch', list: 'sources', id, patch: fields, atMs, transition: null };
}

function entries(letters: string): MergePatch[] {
  return Array.from(letters, (letter) => ({
    kind: 'url',
    url: `http://example.com/${letter}.mp3`,
  }));
}

function playlist(letters: string, fields: object = {}): object {
  return { kind: 'playlist', entries: entries(letters), ...fields };
}

function advance(run: number): Command {
  return { type: 'sound.advance', sourceId: 'list', run, atMs: AT_MS };
}

/** The letter that plays, and the one after it. */
function playing(state: ServiceState): string {
  const [source] = state.sound.sources;
  const playback = state.sound.playback['list'];
  if (source?.content.kind !== 'playlist' || playback === undefined) return '';
  const { content } = source;
  const seed = seedOf('list', playback);
  return [0, 1]
    .map((later) => {
      const entry = content.entries[entryAt(content, seed, playback.turn + later) ?? -1];
      return entry?.kind === 'url' ? entry.url.slice(-5, -4) : '-';
    })
    .join('');
}

test('an entry that occurs more than once plays on at its place when the playlist is patched', () => {
  const third = after(EMPTY_STATE, create('list', playlist('JAJBJC')), advance(4));
  assert.equal(playing(third), 'JC');
  const mixed = after(third, patch('list', { content: { crossfadeMs: 2000 } }));
  assert.equal(playing(mixed), 'JC');
  assert.equal(mixed.sound.playback['list']?.run, 4);
  const longer = after(third, patch('list', { content: { entries: entries('JAJBJDC') } }));
  assert.equal(playing(longer), 'JD');
});

test('an entry that is taken out as it plays gives way to the first, as another run', () => {
  const second = after(EMPTY_STATE, create('list', playlist('ABC')), advance(1));
  const without = after(second, patch('list', { content: { entries: entries('AC') } }, AT_MS + 5));
  assert.equal(playing(without), 'AC');
  assert.deepEqual(without.sound.playback['list'], {
    ...second.sound.playback['list'],
    run: 2,
    turn: 0,
    startedAtMs: AT_MS + 5,
  });
});

test('a playlist goes on where there is no room for the variable that tells of it', () => {
  const list = after(EMPTY_STATE, create('list', playlist('ABC', { variable: 'song' })));
  const full = Array.from({ length: 500 }, (_, i): [string, number] => [`v${i}`, i]);
  const crowded = { ...list, variables: Object.fromEntries(full) };
  assert.equal(playing(after(crowded, advance(1))), 'BC');
});

test('the variable of a playlist that is taken away, or tells of it by another name, is empty', () => {
  const list = after(EMPTY_STATE, create('list', playlist('ABC', { variable: 'song' })));
  assert.equal(Reflect.get(Object(list.variables['song']), 'title'), 'A');
  const renamed = after(list, patch('list', { content: { variable: 'tune' } }));
  assert.equal(renamed.variables['song'], '');
  assert.equal(Reflect.get(Object(renamed.variables['tune']), 'title'), 'A');
  const removed = after(renamed, {
    type: 'sound.remove',
    list: 'sources',
    id: 'list',
    atMs: AT_MS,
    transition: null,
  });
  assert.equal(removed.variables['tune'], '');
});

test('a shuffled playlist that is patched stays in its round', () => {
  const third = after(
    EMPTY_STATE,
    create('list', playlist('ABCD', { order: 'shuffled' })),
    advance(9),
  );
  assert.equal(third.sound.playback['list']?.turn, 9);
  const longer = after(third, patch('list', { content: { entries: entries('ABCDE') } }));
  assert.equal(playing(longer)[0], playing(third)[0]);
  const turn = longer.sound.playback['list']?.turn ?? 0;
  assert.ok(turn >= 10 && turn < 15, `turn ${turn}`);
});

test('a playlist that is over is left by one step back, however often it was skipped', () => {
  const skip: Command = {
    type: 'sound.transport',
    sourceId: 'list',
    action: { type: 'skip' },
    atMs: AT_MS,
  };
  const over = after(
    EMPTY_STATE,
    create('list', playlist('AB', { repeat: false })),
    ...[skip, skip, skip, skip],
  );
  assert.equal(playing(over), '--');
  const back = after(over, { ...skip, action: { type: 'previous' } });
  assert.equal(playing(back), 'B-');
});

test('what is created with a transition comes from silence', () => {
  const item = { id: 'one', content: { kind: 'tone' }, strip: { gainDb: -6 } };
  const command = { type: 'sound.create', list: 'sources', item, atMs: AT_MS } as const;
  const coming = after(EMPTY_STATE, { ...command, transition: FADE });
  assert.deepEqual(Object.keys(coming.sound.ramps), ['source:one']);
  const level = levelAt(10 ** (-6 / 20), coming.sound.ramps['source:one'], AT_MS + 30_000);
  assert.ok(Math.abs(level - 10 ** (-6 / 20) / 2) < 1e-9);
  assert.deepEqual(after(EMPTY_STATE, { ...command, transition: null }).sound.ramps, {});
});

test('a content of another kind takes the place of the one there was', () => {
  const tone = after(EMPTY_STATE, create('one', { kind: 'tone', frequencyHz: 440 }));
  const noise = after(tone, patch('one', { content: { kind: 'noise', color: 'pink' } }));
  assert.deepEqual(noise.sound.sources[0]?.content, { kind: 'noise', color: 'pink' });
  const again = after(noise, patch('one', { content: { kind: 'tone' } }));
  assert.deepEqual(again.sound.sources[0]?.content, { kind: 'tone', frequencyHz: 1000 });
  assert.throws(() => after(again, patch('one', { content: { kind: 'noise', frequencyHz: 1 } })), {
    code: 'SM_REQUEST_INVALID',
  });
});

test('what is muted while it fades out is silent at once', () => {
  const master = (fields: MergePatch, transition: Transition | null, atMs: number): Command => {
    return { type: 'sound.master', patch: fields, atMs, transition };
  };
  const fading = after(EMPTY_STATE, master({ gainDb: -120 }, FADE, AT_MS));
  assert.ok(levelAt(0, fading.sound.ramps['master'], AT_MS + 1000) > 0.9);
  const muted = after(fading, master({ muted: true }, null, AT_MS + 1000));
  assert.equal(muted.sound.ramps['master'], undefined);
  const quicker = after(
    fading,
    master({ muted: true }, { ...FADE, durationMs: 500 }, AT_MS + 1000),
  );
  const ramp = quicker.sound.ramps['master'];
  assert.ok(ramp !== undefined && ramp.from > 0.9 && ramp.durationMs === 500);
  // What says nothing of the level leaves it on its way.
  const panned = after(fading, master({ pan: 0.5 }, null, AT_MS + 1000));
  assert.deepEqual(panned.sound.ramps, fading.sound.ramps);
});

test('the alarm of silence is switched off with 0, and comes back with null', () => {
  const master = (fields: MergePatch): Command => {
    return { type: 'sound.master', patch: fields, atMs: AT_MS, transition: null };
  };
  const off = after(EMPTY_STATE, master({ silenceAlarmSeconds: 0 }));
  assert.equal(off.sound.master.silenceAlarmSeconds, 0);
  const on = after(off, master({ silenceAlarmSeconds: null }));
  assert.equal(on.sound.master.silenceAlarmSeconds, 10);
});
