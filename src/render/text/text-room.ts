/** Letters may reach out of their line by this part of the font size: accents, italics, swashes. */
const OVERHANG_EM = 0.35;

/** Room around a text for what its letters stick out. */
export function overhangOf(fontSize: number): number {
  return Math.ceil(fontSize * OVERHANG_EM);
}

/** Share of the free width that goes before a line. */
export function alignmentOf(align: 'left' | 'center' | 'right'): number {
  return align === 'left' ? 0 : align === 'center' ? 0.5 : 1;
}
