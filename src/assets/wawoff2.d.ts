/** What is used of https://github.com/fontello/wawoff2, which has no types of its own. */
declare module 'wawoff2' {
  const wawoff2: {
    /** A WOFF 2.0 font as plain TrueType or OpenType. @throws Error when it is none */
    decompress(woff2: Uint8Array): Promise<Uint8Array>;
  };
  export default wawoff2;
}
