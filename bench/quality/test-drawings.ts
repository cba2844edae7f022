/** A drawing of PICTURE_PX, as SVG. */
export type TestDrawing = { readonly name: string; readonly svg: string };

const HEAD =
  '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" viewBox="0 0 640 480">';

function drawing(name: string, body: string): TestDrawing {
  return { name, svg: `${HEAD}${body}</svg>` };
}

function repeat(count: number, part: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => part(i)).join('');
}

/** Drawings of the kinds that people upload: icons, charts, logos, maps, effects. */
export const TEST_DRAWINGS: readonly TestDrawing[] = [
  drawing(
    'thin upright lines',
    repeat(60, (i) => `<path d="M${i * 10 + 8.5} 20V460" stroke="#fff" stroke-width="1"/>`),
  ),
  drawing(
    'thin diagonals',
    repeat(50, (i) => `<path d="M${i * 14 - 40} 0L${i * 14 + 120} 480" stroke="#fd4"/>`),
  ),
  drawing(
    'rings',
    repeat(
      28,
      (i) =>
        `<circle cx="320" cy="240" r="${8 + i * 8}" fill="none" stroke="#fff" stroke-width="2"/>`,
    ),
  ),
  drawing(
    'gradients',
    '<defs><linearGradient id="a"><stop stop-color="#f40"/><stop offset="1" stop-color="#04f"/></linearGradient>' +
      '<radialGradient id="b"><stop stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>' +
      '<rect width="640" height="480" fill="url(#a)"/><circle cx="320" cy="240" r="220" fill="url(#b)"/>',
  ),
  drawing(
    'icon',
    '<path fill="#8cf" d="M320 40l60 140 150 12-114 98 36 148-132-80-132 80 36-148L110 192l150-12z"/>' +
      '<path fill="none" stroke="#024" stroke-width="10" stroke-linejoin="round" d="M320 40l60 140 150 12-114 98 36 148-132-80-132 80 36-148L110 192l150-12z"/>',
  ),
  drawing(
    'bar chart',
    '<rect width="640" height="480" fill="#fff"/>' +
      repeat(
        12,
        (i) =>
          `<rect x="${40 + i * 48}" y="${420 - ((i * 137) % 360)}" width="30" height="${(i * 137) % 360}" fill="#36c" stroke="#024"/>`,
      ) +
      repeat(9, (i) => `<path d="M30 ${60 + i * 45}.5H620" stroke="#bbb" stroke-dasharray="4 3"/>`),
  ),
  drawing(
    'mask and clip',
    '<defs><mask id="m"><rect width="640" height="480" fill="#000"/><circle cx="250" cy="240" r="180" fill="#fff"/></mask>' +
      '<clipPath id="c"><path d="M320 20L620 460H20z"/></clipPath></defs>' +
      '<rect width="640" height="480" fill="#fc0" mask="url(#m)"/><rect y="260" width="640" height="90" fill="#0af" clip-path="url(#c)"/>',
  ),
  drawing(
    'pattern',
    '<defs><pattern id="p" width="24" height="24" patternUnits="userSpaceOnUse"><rect width="12" height="12" fill="#fff"/><circle cx="18" cy="18" r="5" fill="#f06"/></pattern></defs>' +
      '<rect x="20" y="20" width="600" height="440" fill="url(#p)"/>',
  ),
  drawing(
    'shadow',
    '<defs><filter id="f" x="-20%" y="-20%" width="150%" height="150%"><feDropShadow dx="8" dy="10" stdDeviation="9" flood-opacity=".7"/></filter></defs>' +
      '<rect x="90" y="80" width="420" height="280" rx="30" fill="#eee" filter="url(#f)"/>',
  ),
  drawing(
    'turned squares',
    repeat(
      18,
      (i) =>
        `<rect x="-120" y="-120" width="240" height="240" fill="none" stroke="#9f6" stroke-width="3" transform="translate(320 240) rotate(${i * 5}) scale(${1 - i * 0.045})"/>`,
    ),
  ),
  drawing(
    'map',
    '<rect width="640" height="480" fill="#dde6d5"/>' +
      repeat(
        24,
        (i) =>
          `<path d="M0 ${i * 22}C160 ${i * 22 + ((i * 53) % 60)} 420 ${i * 22 - ((i * 31) % 70)} 640 ${i * 20}" fill="none" stroke="#875" stroke-width="${1 + (i % 3)}"/>`,
      ),
  ),
  drawing(
    'translucent petals',
    repeat(
      16,
      (i) =>
        `<ellipse cx="320" cy="130" rx="46" ry="120" fill="hsl(${i * 22},80%,60%)" fill-opacity=".5" transform="rotate(${i * 22.5} 320 240)"/>`,
    ),
  ),
];
