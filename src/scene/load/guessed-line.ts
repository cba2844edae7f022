/** Letters of a line, and the room of one as shares of the font size, where nothing else says how wide a text is. */
export const GUESSED_LINE = { letters: 60, width: 0.6, height: 1.3 } as const;

/** Units that a line of text covers at a guess. @param fontSize - in units */
export function guessedLineArea({ fontSize }: { readonly fontSize: number }): number {
  return fontSize * fontSize * GUESSED_LINE.height * GUESSED_LINE.letters;
}
