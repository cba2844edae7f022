import QRCode from 'qrcode';

/** The one owner of the QR encoder. */

/** How much of a code may be lost: 7, 15, 25 or 30 percent. */
export type QrLevel = 'L' | 'M' | 'Q' | 'H';

/** The modules of a code, without margin. */
export type QrMatrix = {
  /** Modules of a side. */
  readonly size: number;
  /** Whether a module is dark; `x` and `y` are 0 to size - 1. */
  readonly isDark: (x: number, y: number) => boolean;
};

/** Encodes a text as UTF-8 in the smallest code that holds it. @throws Error when none does */
export function encodeQr(text: string, level: QrLevel): QrMatrix {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: level });
  return { size: modules.size, isDark: (x, y) => modules.get(y, x) !== 0 };
}
