import { createRequire } from 'node:module';

/** The one owner of the QR encoder, which is loaded with the first code: it comes with a reader of PNG and seventy files. */
type QrEncoder = typeof import('qrcode');

let encoder: QrEncoder | null = null;

/** Callers are synchronous, which `import()` is not. */
function load(): QrEncoder {
  encoder ??= createRequire(import.meta.url)('qrcode') as QrEncoder;
  return encoder;
}

/** How much of a code may be lost: 7, 15, 25 or 30 percent. */
export type QrLevel = 'L' | 'M' | 'Q' | 'H';

/** The modules of a code, without margin. */
export type QrMatrix = {
  /** Modules of a side. */
  readonly size: number;
  /** Whether a module is dark; `x` and `y` are 0 to size - 1. */
  readonly isDark: (x: number, y: number) => boolean;
};

/** Modules of a side of the code of a text: a small part of the work of encoding it. @throws Error when none holds it */
export function qrModules(text: string, level: QrLevel): number {
  // The mask changes which modules are dark, not how many there are, and finding the best one takes longest.
  return load().create(text, { errorCorrectionLevel: level, maskPattern: 0 }).modules.size;
}

/** Encodes a text as UTF-8 in the smallest code that holds it. @throws Error when none does */
export function encodeQr(text: string, level: QrLevel): QrMatrix {
  const { modules } = load().create(text, { errorCorrectionLevel: level });
  return { size: modules.size, isDark: (x, y) => modules.get(y, x) !== 0 };
}
