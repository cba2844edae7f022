import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAtRest } from '../../../src/scene/resolve.js';
import { type Layer, LayerSchema } from '../../../src/scene/schema/layer.js';
import { SceneSchema } from '../../../src/scene/schema/scene.js';
import {
  SILENCE,
  SILENT_STRIP,
  STATED,
  type Heard,
  type StripSound,
} from '../../../src/scene/sound/heard.js';
import type { StripKey } from '../../../src/scene/sound/levels.js';
import { checkExpressions } from '../../../src/scene/variables/layer-expressions.js';
import { VariableNameSchema } from '../../../src/scene/variables/schema.js';
import { substitute } from '../../../src/scene/variables/substitute.js';

function layerOf(bindings: object, fields: object = {}): Layer {
  return LayerSchema.parse({
    id: 'a',
    type: 'shape',
    shape: 'rectangle',
    width: 40,
    height: 30,
    ...fields,
    bindings,
  });
}

/** Strips at levels, all others being not there. */
function heardOf(levels: Partial<Record<StripKey, number>>): Heard {
  const stripOf = (level: number): StripSound => {
    const rms = 10 ** ((level * 60 - 60) / 20);
    return { ...SILENT_STRIP, rms: [rms, rms], level, isSpeaking: level > 0.25 };
  };
  return {
    strip: (key) => {
      const level = levels[key];
      return level === undefined ? SILENT_STRIP : stripOf(level);
    },
    spectrum: () => null,
  };
}

function shown(layer: Layer, heard: Heard): Layer {
  return compileAtRest(layer).at(0, 0, heard);
}

test('numbers, colours and visible follow the sound of the frame', () => {
  const layer = layerOf(
    {
      scale: '1.0 + audio.host.level',
      visible: 'audio.host.speaking',
      'border.color': "audio.voice.db > -20.0 ? '#00ff00' : '#ff0000'",
    },
    { border: { width: 2 } },
  );
  const loud = shown(layer, heardOf({ 'source:host': 0.5, 'bus:voice': 0.9 }));
  assert.deepEqual([loud.scale, loud.visible, loud.border?.color], [1.5, true, '#00ff00']);
  const silent = shown(layer, SILENCE);
  assert.deepEqual([silent.scale, silent.visible, silent.border?.color], [1, false, '#ff0000']);
  assert.ok(shown(layer, STATED).scale > 1.7);
});

test('a name is the master, a source, or else a bus; ids with dashes stand in brackets', () => {
  const of = (name: string, heard: Heard): number =>
    shown(layerOf({ opacity: `audio${name}.level` }), heard).opacity;
  const both = heardOf({ 'source:music': 0.25, 'bus:music': 0.75, master: 0.5 });
  assert.equal(of('.music', both), 0.25);
  assert.equal(of('.music', heardOf({ 'bus:music': 0.75 })), 0.75);
  assert.equal(of('.master', both), 0.5);
  assert.equal(of("['host-1']", heardOf({ 'source:host-1': 0.4 })), 0.4);
  assert.equal(of('.nobody', both), 0);
});

test('a field is within its bounds, and bitmaps are ready for the largest it gets', () => {
  const layer = layerOf({
    opacity: 'audio.master.level * 9.0',
    scale: '1.0 + audio.host.level * 2.0',
  });
  assert.equal(shown(layer, heardOf({ master: 1 })).opacity, 1);
  const compiled = compileAtRest(layer);
  assert.equal(compiled.largest('scale', 1), 3);
  assert.deepEqual([...compiled.moving].sort(), ['opacity', 'scale']);
  assert.equal(compiled.isStill, false);
});

test('what cannot follow the sound is refused, with what can', () => {
  const complaintOf = (bindings: object, fields: object = {}): string =>
    checkExpressions([layerOf(bindings, fields)])
      .map(({ message }) => message)
      .join();
  assert.equal(complaintOf({ scale: 'audio.host.level' }), '');
  assert.match(complaintOf({ scale: 'audio.host.volume' }), /audio\.<id>\.level/);
  assert.match(complaintOf({ scale: 'audio' }), /audio\.<id>\.db/);
  assert.match(complaintOf({ scale: 'audio.host.level * gain' }), /variables \(gain\)/);
  assert.match(
    complaintOf({ shape: "audio.host.speaking ? 'ellipse' : 'rectangle'" }),
    /no number/,
  );
  assert.match(complaintOf({ scale: 'audio.host.speaking' }), /must be a number, not true/);
  assert.match(complaintOf({ visible: 'audio.host.level' }), /must be a Boolean/);
  const text = LayerSchema.parse({ id: 't', type: 'text', text: '{{ audio.host.db }}' });
  assert.match(checkExpressions([text])[0]?.message ?? '', /cannot show the sound/);
  assert.equal(VariableNameSchema.safeParse('audio').success, false);
  assert.equal(VariableNameSchema.safeParse('audios').success, true);
});

test('variables are put in, and what follows the sound stays for the frame', () => {
  const layer = layerOf({ x: 'place', scale: 'audio.host.level + 1.0' });
  const scene = SceneSchema.parse({ id: 's', layers: [layer] });
  const { scene: made, problems } = substitute(scene, { place: 40 });
  const [first] = made.layers;
  assert.ok(first !== undefined);
  assert.deepEqual(problems, []);
  assert.equal(first.x, 40);
  assert.deepEqual(first.bindings, { scale: 'audio.host.level + 1.0' });
  assert.equal(shown(first, heardOf({ 'source:host': 0.5 })).scale, 1.5);
});
