import { harfBuzz, type HarfBuzz, type HbFont } from './harfbuzz.js';
import type { HbExports, HbModule, PaintStep } from './harfbuzz-module.js';

/** A step of an outline; numbers are units of the font's em, y upwards. */
export type OutlineStep = {
  readonly type: 'M' | 'L' | 'Q' | 'C';
  /** x and y of each of its points, control points first. */
  readonly values: readonly number[];
};

/** Channels are 0 to 255. */
export type GlyphColor = {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
};

export type ColorStop = { readonly offset: number; readonly color: GlyphColor };

/** Colours along a gradient; `extend` is 0 when it ends, 1 when it is repeated, 2 when it is reflected. */
export type ColorLine = { readonly stops: readonly ColorStop[]; readonly extend: number };

/** What a coloured glyph is made of, step by step: https://harfbuzz.github.io/harfbuzz-hb-paint.html. */
export interface ColorPainter {
  /** Numbers as in a matrix of SVG. */
  pushTransform(matrix: readonly [number, number, number, number, number, number]): void;
  popTransform(): void;
  pushClipGlyph(outline: readonly OutlineStep[]): void;
  pushClipRectangle(x0: number, y0: number, x1: number, y1: number): void;
  popClip(): void;
  color(color: GlyphColor, isForeground: boolean): void;
  linearGradient(line: ColorLine, points: readonly number[]): void;
  radialGradient(line: ColorLine, circles: readonly number[]): void;
  sweepGradient(line: ColorLine): void;
  pushGroup(): void;
  popGroup(mode: number): void;
}

const MAX_STOPS = 64;
/** hb_color_stop_t: offset, whether it is the foreground, colour. */
const STOP_BYTES = 12;
const BLACK = 0x000000ff;

/** hb_color_t is a number with blue in its highest byte. */
function toColor(value: number): GlyphColor {
  const byte = (shift: number): number => (value >>> shift) & 255;
  return { blue: byte(24), green: byte(16), red: byte(8), alpha: byte(0) };
}

/** Outlines and coloured glyphs of open fonts. */
export class GlyphDrawing {
  readonly #hb: HbExports;
  readonly #drawFuncs: number;
  readonly #paintFuncs: number;
  readonly #stops: number;
  #steps: OutlineStep[] = [];
  #painter: ColorPainter | null = null;

  constructor({ module }: HarfBuzz) {
    const { hb } = module;
    this.#hb = hb;
    this.#stops = hb.malloc(4 + MAX_STOPS * STOP_BYTES);
    this.#drawFuncs = this.#createDrawFuncs(module);
    this.#paintFuncs = this.#createPaintFuncs(module);
  }

  /** The outline of a glyph; nothing when its font has none for it. */
  outline({ font }: HbFont, glyph: number): readonly OutlineStep[] {
    return this.#outlineOf(font, glyph);
  }

  /** Has a glyph painted in its colours, or in that of the text when it has none. */
  paint({ font }: HbFont, glyph: number, painter: ColorPainter): void {
    this.#painter = painter;
    this.#hb.hb_font_paint_glyph(font, glyph, this.#paintFuncs, 0, 0, BLACK);
    this.#painter = null;
  }

  #createDrawFuncs({ hb, callback }: HbModule): number {
    const funcs = hb.hb_draw_funcs_create();
    // Functions, data, state; the points; data of the caller.
    const step = (type: OutlineStep['type'], points: number): number =>
      callback(`iii${'ff'.repeat(points)}i`, (_funcs, _data, _state, ...values) => {
        this.#steps.push({ type, values: values.slice(0, -1) });
      });
    hb.hb_draw_funcs_set_move_to_func(funcs, step('M', 1), 0, 0);
    hb.hb_draw_funcs_set_line_to_func(funcs, step('L', 1), 0, 0);
    hb.hb_draw_funcs_set_quadratic_to_func(funcs, step('Q', 2), 0, 0);
    hb.hb_draw_funcs_set_cubic_to_func(funcs, step('C', 3), 0, 0);
    return funcs;
  }

  #createPaintFuncs({ hb, callback }: HbModule): number {
    const funcs = hb.hb_paint_funcs_create();
    /** Functions and data; the values; data of the caller. */
    const on = (
      name: PaintStep,
      parameters: string,
      paint: (painter: ColorPainter, values: readonly number[]) => void,
    ): void => {
      const call = callback(`ii${parameters}i`, (_funcs, _data, ...values) => {
        if (this.#painter !== null) paint(this.#painter, values.slice(0, -1));
      });
      hb[`hb_paint_funcs_set_${name}_func`](funcs, call, 0, 0);
    };
    on('push_transform', 'ffffff', (painter, [xx = 1, yx = 0, xy = 0, yy = 1, dx = 0, dy = 0]) => {
      painter.pushTransform([xx, yx, xy, yy, dx, dy]);
    });
    on('pop_transform', '', (painter) => {
      painter.popTransform();
    });
    on('push_clip_glyph', 'ii', (painter, [glyph = 0, font = 0]) => {
      painter.pushClipGlyph(this.#outlineOf(font, glyph));
    });
    on('push_clip_rectangle', 'ffff', (painter, [x0 = 0, y0 = 0, x1 = 0, y1 = 0]) => {
      painter.pushClipRectangle(x0, y0, x1, y1);
    });
    on('pop_clip', '', (painter) => {
      painter.popClip();
    });
    on('color', 'ii', (painter, [isForeground = 0, color = 0]) => {
      painter.color(toColor(color), isForeground !== 0);
    });
    on('linear_gradient', 'iffffff', (painter, [line = 0, ...points]) => {
      painter.linearGradient(this.#lineOf(line), points);
    });
    on('radial_gradient', 'iffffff', (painter, [line = 0, ...circles]) => {
      painter.radialGradient(this.#lineOf(line), circles);
    });
    on('sweep_gradient', 'iffff', (painter, [line = 0]) => {
      painter.sweepGradient(this.#lineOf(line));
    });
    on('push_group', '', (painter) => {
      painter.pushGroup();
    });
    on('pop_group', 'i', (painter, [mode = 0]) => {
      painter.popGroup(mode);
    });
    return funcs;
  }

  #outlineOf(font: number, glyph: number): readonly OutlineStep[] {
    this.#steps = [];
    this.#hb.hb_font_draw_glyph(font, glyph, this.#drawFuncs, 0);
    return this.#steps;
  }

  /** The colours of a gradient, the first of them at most. */
  #lineOf(line: number): ColorLine {
    const hb = this.#hb;
    const count = this.#stops;
    new DataView(hb.memory.buffer).setUint32(count, MAX_STOPS, true);
    hb.hb_color_line_get_color_stops(line, 0, count, count + 4);
    const view = new DataView(hb.memory.buffer, count);
    const stops = Array.from({ length: view.getUint32(0, true) }, (_, i): ColorStop => {
      const at = 4 + i * STOP_BYTES;
      return { offset: view.getFloat32(at, true), color: toColor(view.getUint32(at + 8, true)) };
    });
    return { stops, extend: hb.hb_color_line_get_extend(line) };
  }
}

let ofThread: GlyphDrawing | null = null;

/** The one of this thread. */
export function glyphDrawing(): GlyphDrawing {
  ofThread ??= new GlyphDrawing(harfBuzz());
  return ofThread;
}
