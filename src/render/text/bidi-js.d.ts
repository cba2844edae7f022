/** What is used of https://github.com/lojjic/bidi-js: its own types do not say that Node imports the function itself. */
declare module 'bidi-js' {
  type EmbeddingLevels = {
    /** By UTF-16 unit. */
    readonly levels: Uint8Array;
    readonly paragraphs: readonly { readonly level: number }[];
  };
  type Bidi = {
    getEmbeddingLevels(text: string, baseDirection: 'auto' | 'ltr' | 'rtl'): EmbeddingLevels;
  };
  export default function bidiFactory(): Bidi;
}
