import { tilesOffsetOf } from '../memory/jobs.js';
import type { ProgramMap } from '../memory/map.js';
import {
  JOB_BACKGROUND,
  JOB_DONE,
  JOB_HEADER_BYTES,
  JOB_ITEMS,
  JOB_NEXT,
  JOB_PAINTS,
  JOB_TILES,
  TILE_ALIGN_PX,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_PATCH,
  TILE_WIDTH,
  TILE_X,
  TILE_Y,
} from '../memory/records.js';
import type { Rect } from '../memory/region.js';
import type { Item } from './items/item.js';
import { writeItems } from './items/write-items.js';

/** All the work of one program frame. */
export type Job = {
  readonly items: readonly Item[];
  readonly tiles: readonly Rect[];
  readonly paintCount: number;
  /** As the kernels fill with it. */
  readonly background: number;
};

/** Writes a job into its slot. Plain writes: the task message that starts the render workers comes after them. */
export function writeJob(
  view: DataView<SharedArrayBuffer>,
  map: ProgramMap,
  slot: number,
  { items, tiles, paintCount, background }: Job,
): void {
  const offset = map.jobOffsets[slot] ?? 0;
  const i32 = (at: number, value: number): void => {
    view.setInt32(at, value, true);
  };
  i32(offset + JOB_NEXT, 0);
  i32(offset + JOB_DONE, 0);
  i32(offset + JOB_PAINTS, paintCount);
  i32(offset + JOB_TILES, tiles.length);
  i32(offset + JOB_ITEMS, items.length);
  i32(offset + JOB_BACKGROUND, background);
  writeItems(view, offset + JOB_HEADER_BYTES, items);
  const tilesOffset = tilesOffsetOf(map, slot);
  let patch = map.arenaOffsets[slot] ?? 0;
  tiles.forEach((tile, i) => {
    const at = tilesOffset + i * TILE_BYTES;
    i32(at + TILE_X, tile.x0);
    i32(at + TILE_Y, tile.y0);
    i32(at + TILE_WIDTH, tile.x1 - tile.x0);
    i32(at + TILE_HEIGHT, tile.y1 - tile.y0);
    i32(at + TILE_PATCH, patch);
    const paddedPx = Math.ceil((tile.x1 - tile.x0) / TILE_ALIGN_PX) * TILE_ALIGN_PX;
    patch += Math.ceil((paddedPx * (tile.y1 - tile.y0) * 1.5) / 64) * 64;
  });
}
