import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InputReport, InputSpec } from '../../src/ingest/contract.js';
import {
  type AdmittedPublisher,
  type LiveInput,
  LiveInputs,
} from '../../src/program/live-inputs.js';

const FORMAT = { widthPx: 64, heightPx: 36 };
const NONE: ReadonlySet<string> = new Set();
const BOTH: ReadonlySet<string> = new Set(['camera', 'call']);

const CAMERA: LiveInput = {
  id: 'camera',
  content: { kind: 'rtmp-push', key: 'a-key-of-its-own' },
  latencyMs: 300,
  isKeptOpen: false,
  createdAtMs: 1,
};
const CALL: LiveInput = {
  ...CAMERA,
  id: 'call',
  content: { kind: 'srt-listen', port: 9000, passphrase: null },
};

class Rig {
  decoded: readonly InputSpec[] = [];
  publishers: readonly AdmittedPublisher[] = [];
  readonly states: string[] = [];
  readonly inputs = new LiveInputs('/nowhere', {
    decode: (specs) => (this.decoded = specs),
    showPictures: () => undefined,
    playSounds: () => undefined,
    admit: (publishers) => (this.publishers = publishers),
    onState: ({ id, state }) => this.states.push(`${id} ${state}`),
  });

  get keys(): string[] {
    return this.decoded.map(({ key }) => key);
  }
}

function reportOf(id: string, state: InputReport['state']): InputReport {
  const counts = { fps: 0, pictures: 0, late: 0, dropped: 0, reconnects: 0, latencyMs: 300 };
  return { id, state, reason: null, widthPx: null, heightPx: null, hasSound: false, ...counts };
}

test('those are decoded that are shown, played or kept open, and all may be published to', () => {
  const rig = new Rig();
  rig.inputs.follow([CAMERA, CALL], NONE, FORMAT);
  assert.deepEqual(rig.keys, []);
  assert.deepEqual(
    rig.publishers.map(({ id, key }) => [id, key]),
    [['camera', 'a-key-of-its-own']],
  );
  rig.inputs.follow([CAMERA, CALL], new Set(['call']), FORMAT);
  assert.deepEqual(
    rig.decoded.map(({ id }) => id),
    ['call'],
  );
  rig.inputs.follow([{ ...CAMERA, isKeptOpen: true }, CALL], NONE, FORMAT);
  assert.deepEqual(
    rig.decoded.map(({ id }) => id),
    ['camera'],
  );
});

test('an input goes on when something else of it changes, and is opened anew when what is received does', () => {
  const rig = new Rig();
  rig.inputs.follow([CAMERA, CALL], BOTH, FORMAT);
  const { keys } = rig;
  // As the state has it after its name was changed: the same, in other objects.
  const same = structuredClone([CAMERA, CALL]);
  rig.inputs.follow(same, BOTH, FORMAT);
  assert.deepEqual(rig.keys, keys);
  const changes: readonly LiveInput[] = [
    { ...CAMERA, latencyMs: 500 },
    { ...CAMERA, content: { kind: 'rtmp-push', key: 'another-key-of-it' } },
    { ...CAMERA, createdAtMs: 2 },
  ];
  for (const camera of changes) {
    rig.inputs.follow([CAMERA, CALL], BOTH, FORMAT);
    const before = rig.keys;
    rig.inputs.follow([camera, CALL], BOTH, FORMAT);
    assert.notEqual(rig.keys[0], before[0]);
    assert.equal(rig.keys[1], before[1]);
  }
});

test('a change of state is told once, and one that is not received any more is idle', () => {
  const rig = new Rig();
  rig.inputs.follow([CAMERA, CALL], BOTH, FORMAT);
  for (const state of ['connecting', 'live', 'live'] as const)
    rig.inputs.onReport(reportOf('camera', state));
  rig.inputs.follow([CAMERA, CALL], NONE, FORMAT);
  rig.inputs.onReport(reportOf('camera', 'ended'));
  assert.deepEqual(rig.states, ['camera connecting', 'camera live', 'camera idle']);
  assert.equal(rig.inputs.reports.size, 0);
});
