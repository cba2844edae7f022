import type { Asset } from '../../src/state/model.js';
import { assetOf } from './samples.js';

/** A video that is there, of 25 pictures a second. */
export function videoAsset(id: string, durationMs: number): Asset {
  const frameRate = { num: 25, den: 1 };
  return assetOf({
    id,
    kind: 'video',
    state: 'ready',
    contentHash: '0'.repeat(64),
    width: 320,
    height: 180,
    video: { durationMs, frameRate, codec: 'h264', hasAlpha: false, matrix: 'bt709' },
  });
}
