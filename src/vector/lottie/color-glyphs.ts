import { colorGlyphSvg } from '../fonts/color-glyph.js';
import type { ColorGlyph } from '../fonts/set-run.js';
import type { Shaper } from '../fonts/shaper.js';
import { dataAddressOf } from '../svg/data-address.js';
import { renderSvg } from '../svg/resvg.js';
import type { JsonObject } from './json.js';
import type { EncodePng } from './pictures.js';

/** Pixels of a side of the picture of a coloured glyph. */
const SIDE_PX = 320;
/** What it shows, in heights of the font: from its left upper corner, y upwards. */
const SHOWN = { left: -0.05, top: 1.05, side: 1.4 } as const;

export function still(value: unknown): JsonObject {
  return { a: 0, k: value };
}

function transform(x: number, y: number, percent: number): JsonObject {
  return {
    o: still(100),
    r: still(0),
    p: still([x, y, 0]),
    a: still([0, 0, 0]),
    s: still([percent, percent, 100]),
  };
}

/** Coloured glyphs as compositions that a font of the animation shows. */
export class ColorGlyphs {
  readonly assets: JsonObject[] = [];
  readonly #shaper: Shaper;
  readonly #encodePng: EncodePng;
  readonly #ids = new Map<string, string>();

  constructor(shaper: Shaper, encodePng: EncodePng) {
    this.#shaper = shaper;
    this.#encodePng = encodePng;
  }

  /** What a character of a font refers to, to show a coloured glyph. */
  async reference({ use, id }: ColorGlyph): Promise<JsonObject> {
    const key = `${use.key} ${id}`;
    const known = this.#ids.get(key) ?? (await this.#add(key, { use, id }));
    const percent = (SHOWN.side * 10_000) / SIDE_PX;
    const ks = transform(SHOWN.left * 100, -SHOWN.top * 100, percent);
    return { refId: known, ip: 0, op: 1e6, st: 0, sr: 1, ks };
  }

  async #add(key: string, { use, id }: ColorGlyph): Promise<string> {
    const { unitsPerEm } = this.#shaper.font(use);
    const side = SHOWN.side * unitsPerEm;
    const box = [SHOWN.left * unitsPerEm, -SHOWN.top * unitsPerEm, side, side].join(' ');
    const inner = colorGlyphSvg(this.#shaper, use, id, 'g');
    const { rgba } = await renderSvg(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE_PX}" height="${SIDE_PX}" viewBox="${box}"><g transform="scale(1 -1)">${inner}</g></svg>`,
    );
    const name = `set-color-${this.#ids.size}`;
    this.#ids.set(key, name);
    const p = dataAddressOf('image/png', await this.#encodePng(rgba, SIDE_PX, SIDE_PX));
    const picture = `${name}-picture`;
    const ks = transform(0, 0, 100);
    const layer = {
      ddd: 0,
      ind: 1,
      ty: 2,
      refId: picture,
      sr: 1,
      ip: 0,
      op: 1e6,
      st: 0,
      bm: 0,
      ks,
    };
    this.assets.push(
      { id: picture, w: SIDE_PX, h: SIDE_PX, u: '', p, e: 1 },
      { id: name, layers: [layer] },
    );
    return name;
  }
}
