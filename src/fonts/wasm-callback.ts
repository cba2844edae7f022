/** A function that WebAssembly calls, with numbers. */
export type WasmCallback = (...values: number[]) => void;

/** Of https://webassembly.github.io/spec/core/binary/: value types, and the parts of a module in their order. */
const VALUE_TYPES: Readonly<Record<string, number>> = { i: 0x7f, f: 0x7d };
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FUNCTION_TYPE = 0x60;
const SECTION = { types: 1, imports: 2, exports: 7 } as const;
const [E, F] = [0x65, 0x66];

/**
 * A function of JavaScript as a table of WebAssembly takes it: one that a module of its own has imported and exports.
 * @param parameters of its values: `i` a whole number of 32 bits, `f` a float of 32 bits; at most 100
 */
export function toWasmFunction(parameters: string, call: WasmCallback): unknown {
  const values = Array.from(parameters, (letter) => VALUE_TYPES[letter] ?? 0);
  const type = [1, FUNCTION_TYPE, values.length, ...values, 0];
  const imports = [1, 1, E, 1, F, 0, 0];
  const exports = [1, 1, F, 0, 0];
  const section = (id: number, bytes: readonly number[]): number[] => [id, bytes.length, ...bytes];
  const module = new WebAssembly.Module(
    Uint8Array.from([
      ...HEADER,
      ...section(SECTION.types, type),
      ...section(SECTION.imports, imports),
      ...section(SECTION.exports, exports),
    ]),
  );
  return new WebAssembly.Instance(module, { e: { f: call } }).exports['f'];
}
