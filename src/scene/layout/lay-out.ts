import type { Layout } from '../schema/layout.js';
import type { GroupSize } from './box.js';
import { layOutFlex } from './flex.js';
import { layOutAbsolute } from './frame.js';
import { layOutGrid } from './grid.js';
import type { LayoutChild, LayoutResult } from './layout-child.js';
import { layOutTiles } from './tiles.js';

/**
 * Places the layers of one group. Pure: the same arguments give the same boxes. Nothing is kept from call to call.
 * @param children in drawing order; their sizes may depend on the width they get
 */
export function layOut(
  layout: Layout,
  size: GroupSize,
  children: readonly LayoutChild[],
): LayoutResult {
  switch (layout.type) {
    case 'absolute':
      return layOutAbsolute(size, children);
    case 'flex':
      return layOutFlex(layout, size, children);
    case 'grid':
      return layOutGrid(layout, size, children);
    case 'tiles':
      return layOutTiles(layout, size, children);
  }
}
