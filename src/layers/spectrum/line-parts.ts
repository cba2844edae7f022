/** Most straight parts that a line is made of. */
export const MAX_LINE_PARTS = 96;
