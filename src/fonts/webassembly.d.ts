/** What of https://webassembly.github.io/spec/js-api/ the types of Node do not name. */
declare namespace WebAssembly {
  interface Memory {
    /** @returns the number of pages before @throws RangeError when there is no room */
    grow(pages: number): number;
  }
}
