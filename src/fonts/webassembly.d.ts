/** What of https://webassembly.github.io/spec/js-api/ the types of Node do not name. */
declare namespace WebAssembly {
  interface Memory {
    /** @returns the number of pages before @throws RangeError when there is no room */
    grow(pages: number): number;
  }

  /** Functions that WebAssembly calls by their numbers. */
  class Table {
    /** @returns the number of entries before @throws RangeError when there is no room */
    grow(entries: number): number;
    /** @throws TypeError when it is no function that WebAssembly exports */
    set(index: number, entry: unknown): void;
  }
}
