import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../core/paths.js';
import { toWasmFunction, type WasmCallback } from './wasm-callback.js';

/**
 * The one owner of HarfBuzz, which shapes text: https://harfbuzz.github.io/. The module of
 * harfbuzzjs is instantiated here without its JavaScript, because that makes an object for every glyph and gives memory
 * back only when the garbage collector finds time. Here fonts are opened and closed, and glyphs come as typed arrays.
 */
export type HbExports = {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  malloc(bytes: number): number;
  free(ptr: number): void;
  hb_blob_create(data: number, bytes: number, mode: number, user: number, destroy: number): number;
  hb_blob_destroy(blob: number): void;
  hb_face_create(blob: number, index: number): number;
  hb_face_destroy(face: number): void;
  hb_face_get_upem(face: number): number;
  hb_font_create(face: number): number;
  hb_font_destroy(font: number): void;
  hb_font_set_variations(font: number, variations: number, count: number): void;
  hb_font_get_h_extents(font: number, extents: number): number;
  hb_font_get_glyph_extents(font: number, glyph: number, extents: number): number;
  hb_font_get_glyph_h_advance(font: number, glyph: number): number;
  hb_ot_metrics_get_position(font: number, tag: number, position: number): number;
  hb_buffer_create(): number;
  hb_buffer_clear_contents(buffer: number): void;
  hb_buffer_set_direction(buffer: number, direction: number): void;
  hb_buffer_set_script(buffer: number, script: number): void;
  hb_buffer_set_flags(buffer: number, flags: number): void;
  hb_buffer_add_utf16(
    buffer: number,
    text: number,
    length: number,
    itemOffset: number,
    itemLength: number,
  ): void;
  hb_buffer_get_length(buffer: number): number;
  hb_buffer_get_glyph_infos(buffer: number, length: number): number;
  hb_buffer_get_glyph_positions(buffer: number, length: number): number;
  hb_shape(font: number, buffer: number, features: number, count: number): void;
  hb_script_from_string(tag: number, length: number): number;
  hb_draw_funcs_create(): number;
  readonly hb_draw_funcs_set_move_to_func: SetCallback;
  readonly hb_draw_funcs_set_line_to_func: SetCallback;
  readonly hb_draw_funcs_set_quadratic_to_func: SetCallback;
  readonly hb_draw_funcs_set_cubic_to_func: SetCallback;
  hb_font_draw_glyph(font: number, glyph: number, funcs: number, data: number): void;
  hb_paint_funcs_create(): number;
  hb_font_paint_glyph(
    font: number,
    glyph: number,
    funcs: number,
    data: number,
    palette: number,
    foreground: number,
  ): void;
  hb_color_line_get_color_stops(line: number, start: number, count: number, stops: number): number;
  hb_color_line_get_extend(line: number): number;
} & Readonly<Record<PaintSetter, SetCallback>>;

type SetCallback = (funcs: number, call: number, user: number, destroy: number) => void;

/** Steps of a coloured glyph for which a function can be set. */
const PAINT_STEPS = [
  'push_transform',
  'pop_transform',
  'push_clip_glyph',
  'push_clip_rectangle',
  'pop_clip',
  'color',
  'linear_gradient',
  'radial_gradient',
  'sweep_gradient',
  'push_group',
  'pop_group',
] as const;
export type PaintStep = (typeof PAINT_STEPS)[number];
type PaintSetter = `hb_paint_funcs_set_${PaintStep}_func`;

const FUNCTION_NAMES = [
  '__wasm_call_ctors',
  'malloc',
  'free',
  'hb_blob_create',
  'hb_blob_destroy',
  'hb_face_create',
  'hb_face_destroy',
  'hb_face_get_upem',
  'hb_font_create',
  'hb_font_destroy',
  'hb_font_set_variations',
  'hb_font_get_h_extents',
  'hb_font_get_glyph_extents',
  'hb_font_get_glyph_h_advance',
  'hb_ot_metrics_get_position',
  'hb_buffer_create',
  'hb_buffer_clear_contents',
  'hb_buffer_set_direction',
  'hb_buffer_set_script',
  'hb_buffer_set_flags',
  'hb_buffer_add_utf16',
  'hb_buffer_get_length',
  'hb_buffer_get_glyph_infos',
  'hb_buffer_get_glyph_positions',
  'hb_shape',
  'hb_script_from_string',
  'hb_draw_funcs_create',
  'hb_draw_funcs_set_move_to_func',
  'hb_draw_funcs_set_line_to_func',
  'hb_draw_funcs_set_quadratic_to_func',
  'hb_draw_funcs_set_cubic_to_func',
  'hb_font_draw_glyph',
  'hb_paint_funcs_create',
  'hb_font_paint_glyph',
  'hb_color_line_get_color_stops',
  'hb_color_line_get_extend',
  ...PAINT_STEPS.map((step): PaintSetter => `hb_paint_funcs_set_${step}_func`),
] satisfies readonly (keyof HbExports)[];

function isHarfBuzz(
  exports: Record<string, unknown>,
): exports is Record<string, unknown> & HbExports {
  return (
    exports['memory'] instanceof WebAssembly.Memory &&
    exports['__indirect_function_table'] instanceof WebAssembly.Table &&
    FUNCTION_NAMES.every((name) => typeof exports[name] === 'function')
  );
}

/** More than all fonts that a thread keeps open together: a font that wants more is not opened. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
const PAGE_BYTES = 65_536;

/** HarfBuzz with its memory, and what it can call. */
export type HbModule = {
  readonly hb: HbExports;
  /** The number by which HarfBuzz calls a function. @param parameters of its values: `i` a whole number, `f` a float */
  readonly callback: (parameters: string, call: WasmCallback) => number;
};

/** Takes some milliseconds. @throws Error when the package is not whole */
export function loadHarfBuzz(): HbModule {
  const file = join(PACKAGE_ROOT, 'node_modules', 'harfbuzzjs', 'dist', 'harfbuzz.wasm');
  const module = new WebAssembly.Module(readFileSync(file));
  let memory: WebAssembly.Memory | null = null;
  const grow = (wantedBytes: number): number => {
    if (memory === null || wantedBytes > MAX_MEMORY_BYTES) return 0;
    try {
      memory.grow(Math.ceil((wantedBytes - memory.buffer.byteLength) / PAGE_BYTES));
      return 1;
    } catch {
      return 0;
    }
  };
  const abort = (): never => {
    throw new Error('HarfBuzz has given up.');
  };
  const { exports } = new WebAssembly.Instance(module, {
    env: {
      _abort_js: abort,
      _emscripten_runtime_keepalive_clear: () => undefined,
      _setitimer_js: () => 0,
      emscripten_resize_heap: grow,
    },
    wasi_snapshot_preview1: { proc_exit: abort },
  });
  if (!isHarfBuzz(exports)) throw new Error('HarfBuzz does not fit this build; run npm ci.');
  ({ memory } = exports);
  exports.__wasm_call_ctors();
  const { __indirect_function_table: table } = exports;
  return {
    hb: exports,
    callback: (parameters, call) => {
      const at = table.grow(1);
      table.set(at, toWasmFunction(parameters, call));
      return at;
    },
  };
}
