import sharp from 'sharp';
import type { Service } from './service.js';

/** How far colours may be off that have been through the JPEG of a preview. */
const TOLERANCE = 6;

/** What the program shows on average: red, green, blue. */
export async function shownColour(service: Service): Promise<number[]> {
  const { bytes } = await service.must('GET', '/api/preview.jpg?width=160');
  const { channels } = await sharp(bytes).stats();
  return channels.map(({ mean }) => Math.round(mean));
}

/** Waits until the program shows a colour on average. @throws Error with what it shows when it does not in time */
export async function showsColour(
  service: Service,
  wanted: readonly number[],
  timeoutMs: number,
): Promise<void> {
  let seen: readonly number[] = [];
  const isShown = async (): Promise<boolean> => {
    seen = await shownColour(service);
    return wanted.every((value, i) => Math.abs(value - (seen[i] ?? -99)) <= TOLERANCE);
  };
  try {
    await service.until(`${wanted.join(' ')} is shown`, isShown, timeoutMs);
  } catch (cause) {
    throw new Error(`${seen.join(' ')} is shown instead of ${wanted.join(' ')}`, { cause });
  }
}
