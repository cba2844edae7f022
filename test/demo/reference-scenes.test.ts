import assert from 'node:assert/strict';
import { test } from 'node:test';
import { easeSinIn, easeSinInOut, easeSinOut } from 'd3-ease';
import { auctionScene, AUCTION_ASSET_IDS, staticScene } from '../../src/demo/auction.js';
import {
  BACKGROUND_MOTION,
  FULL_MOTION_ASSET_IDS,
  fullMotionScene,
} from '../../src/demo/full-motion.js';
import { ONE_RADIAN_PER_SECOND_MS, sineMotion } from '../../src/demo/motion.js';
import { SceneSchema, type Scene } from '../../src/scene/schema/scene.js';

const EASINGS: Readonly<Record<string, (progress: number) => number>> = {
  'ease-out-sine': easeSinOut,
  'ease-in-out-sine': easeSinInOut,
  'ease-in-sine': easeSinIn,
};

const auction = SceneSchema.parse(auctionScene(AUCTION_ASSET_IDS));
const fullMotion = SceneSchema.parse(fullMotionScene(FULL_MOTION_ASSET_IDS));
const still = SceneSchema.parse(staticScene(AUCTION_ASSET_IDS));

function idsOf(scene: Scene): string[] {
  return scene.layers.map((layer) => layer.id);
}

test('auction has its eighteen layers in stacking order', () => {
  assert.equal(auction.layers.length, 18);
  assert.deepEqual(idsOf(auction).slice(0, 8), [
    'background',
    'host',
    'artwork',
    'badge',
    'panel',
    'title',
    'bid',
    'timer',
  ]);
  assert.deepEqual(idsOf(auction).slice(-2), ['strip', 'ticker']);
});

test('static has the layers of auction that stay, and nothing in it moves', () => {
  assert.deepEqual(
    idsOf(still),
    idsOf(auction).filter((id) => !['bid', 'timer', 'ticker'].includes(id)),
  );
  assert.ok(still.layers.every((layer) => layer.animations.length === 0));
});

test('full-motion has a background, twelve sprites and the ticker of auction', () => {
  assert.equal(fullMotion.layers.length, 14);
  assert.deepEqual(fullMotion.layers.at(-1), auction.layers.at(-1));
  assert.equal(new Set(FULL_MOTION_ASSET_IDS.sprites).size, 12);
});

test('the host swings as 240 + 20 sin 3t, exactly', () => {
  const { keyframes } = sineMotion('y', 240, 20, ONE_RADIAN_PER_SECOND_MS / 3);
  for (let i = 1; i < keyframes.length; i++) {
    const [from, to] = [keyframes[i - 1], keyframes[i]];
    assert.ok(from !== undefined && to !== undefined);
    const ease = EASINGS[from.easing ?? ''];
    assert.ok(ease !== undefined);
    for (let progress = 0; progress <= 1; progress += 0.05) {
      const seconds = (from.atMs + (to.atMs - from.atMs) * progress) / 1000;
      const value = Number(from.value) + (Number(to.value) - Number(from.value)) * ease(progress);
      assert.ok(Math.abs(value - (240 + 20 * Math.sin(3 * seconds))) < 1e-9);
    }
  }
});

test('the background of full-motion covers the picture wherever it is panned to', () => {
  const smallest = Math.min(BACKGROUND_MOTION.zoomFrom, BACKGROUND_MOTION.zoomTo);
  assert.ok((2304 * smallest) / 2 - BACKGROUND_MOTION.amplitudeX >= 1920 / 2);
  assert.ok((1296 * smallest) / 2 - BACKGROUND_MOTION.amplitudeY >= 1080 / 2);
});
