import { crc32 } from 'node:zlib';
import { AppError } from '../core/errors.js';
import type { Motion } from '../decode/protocol.js';

/**
 * Animated PNG (https://www.w3.org/TR/png-3/#apng-frame-based-animation) split: each frame becomes a PNG of its
 * own, which any decoder takes, and is put where it belongs by the rules of the format.
 */

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const CHUNK_FRAME_BYTES = 12;
const ANIMATION_BYTES = 8;
const CONTROL_BYTES = 26;
const DISPOSE_BACKGROUND = 1;
const DISPOSE_PREVIOUS = 2;
const BLEND_OVER = 1;

export type ApngFrame = {
  /** The part of the canvas that it fills, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  /** What becomes of its part before the next one: 0 stays, 1 is cleared, 2 is as it was before. */
  readonly dispose: number;
  /** Whether it is laid over what is there; else it takes its place. */
  readonly isOver: boolean;
  /** Its pixels as a PNG. */
  readonly png: Buffer;
};

export type Apng = {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly ApngFrame[];
  /** Whether the file ends too early: then the last frame may not be whole. */
  readonly isCut: boolean;
};

type Chunk = { readonly type: string; readonly data: Buffer };

/** The chunks of a PNG as far as they are whole: what follows its end is left out, and so is what was cut. */
function* chunksOf(bytes: Buffer): Generator<Chunk> {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw broken();
  let at = SIGNATURE.length;
  while (at + CHUNK_FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (at + CHUNK_FRAME_BYTES + length > bytes.length) return;
    yield { type, data: bytes.subarray(at + 8, at + 8 + length) };
    at += CHUNK_FRAME_BYTES + length;
    if (type === 'IEND') return;
  }
}

function writeChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(CHUNK_FRAME_BYTES + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** Chunks before the pixels that say what the pixels mean. */
const SHARED_CHUNKS = new Set(['PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT']);

/** A denominator of 0 stands for hundredths; browsers take 10 ms and less for a tenth of a second. */
function durationOf(control: Buffer): number {
  const ms = (1000 * control.readUInt16BE(20)) / (control.readUInt16BE(22) || 100);
  return ms <= 10 ? 100 : ms;
}

/**
 * The frames of a PNG that moves, however much stands before the chunk that says so; null for any other.
 * @throws AppError SM_ASSET_BROKEN
 */
export function apngMotion(bytes: Buffer): Motion | null {
  let plays: number | null = null;
  const durationsMs: number[] = [];
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'acTL') {
      if (data.length !== ANIMATION_BYTES) throw broken();
      plays = data.readUInt32BE(4);
    } else if (type === 'IDAT' && plays === null) return null;
    else if (type === 'fcTL') {
      if (data.length !== CONTROL_BYTES) throw broken();
      durationsMs.push(durationOf(data));
    }
  }
  return plays === null || durationsMs.length === 0 ? null : { durationsMs, plays };
}

/**
 * Splits an animated PNG.
 * @throws AppError SM_ASSET_BROKEN
 */
export function splitApng(bytes: Buffer): Apng {
  const chunks = [...chunksOf(bytes)];
  const header = chunks[0];
  const animation = chunks.find(({ type }) => type === 'acTL');
  if (
    header?.type !== 'IHDR' ||
    header.data.length !== 13 ||
    animation?.data.length !== ANIMATION_BYTES
  )
    throw broken();
  const shared = chunks.filter(({ type }) => SHARED_CHUNKS.has(type));
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  const isCut = chunks.at(-1)?.type !== 'IEND';
  const frames: ApngFrame[] = [];
  let control: Buffer | null = null;
  let pixels: Buffer[] = [];
  const endFrame = (): void => {
    if (control === null) return;
    if (pixels.length === 0) {
      if (isCut) return;
      throw broken();
    }
    const [own, x, y] = [
      Buffer.from(header.data),
      control.readUInt32BE(12),
      control.readUInt32BE(16),
    ];
    control.copy(own, 0, 4, 12);
    const frame = { width: own.readUInt32BE(0), height: own.readUInt32BE(4) };
    if (frame.width < 1 || frame.height < 1) throw broken();
    if (x + frame.width > width || y + frame.height > height) throw broken();
    const parts = [
      SIGNATURE,
      writeChunk('IHDR', own),
      ...shared.map(({ type, data }) => writeChunk(type, data)),
      writeChunk('IDAT', Buffer.concat(pixels)),
      writeChunk('IEND', Buffer.alloc(0)),
    ];
    const [dispose, blend] = [control.readUInt8(24), control.readUInt8(25)];
    const durationMs = durationOf(control);
    const png = Buffer.concat(parts);
    frames.push({ x, y, ...frame, durationMs, dispose, isOver: blend === BLEND_OVER, png });
    pixels = [];
  };
  for (const { type, data } of chunks) {
    if (type === 'fcTL') {
      endFrame();
      if (data.length !== CONTROL_BYTES) throw broken();
      control = data;
    } else if (type === 'IDAT' && control !== null) pixels.push(data);
    else if (type === 'fdAT') pixels.push(data.subarray(4));
  }
  endFrame();
  if (frames.length === 0) throw broken();
  return { width, height, frames, isCut };
}

/** A canvas that the frames of an animated PNG are put on, one after the other; pixels are RGBA, not premultiplied. */
export class ApngCanvas {
  readonly #width: number;
  readonly #pixels: Buffer;
  #before: { readonly frame: ApngFrame; readonly saved: Buffer | null } | null = null;

  constructor({ width, height }: Pick<Apng, 'width' | 'height'>) {
    this.#width = width;
    this.#pixels = Buffer.alloc(width * height * 4);
  }

  /** Puts the next frame on it; answers all pixels of the canvas, which are its own until the next call. */
  put(frame: ApngFrame, rgba: Buffer): Buffer {
    this.#dispose();
    const saved = frame.dispose === DISPOSE_PREVIOUS ? Buffer.from(this.#pixels) : null;
    this.#before = { frame, saved };
    for (let row = 0; row < frame.height; row++) {
      const source = row * frame.width * 4;
      const target = ((frame.y + row) * this.#width + frame.x) * 4;
      const line = rgba.subarray(source, source + frame.width * 4);
      if (frame.isOver) this.#blend(line, target);
      else line.copy(this.#pixels, target);
    }
    return this.#pixels;
  }

  #dispose(): void {
    if (this.#before === null) return;
    const { frame, saved } = this.#before;
    if (saved !== null) saved.copy(this.#pixels);
    if (frame.dispose !== DISPOSE_BACKGROUND) return;
    for (let row = 0; row < frame.height; row++) {
      const start = ((frame.y + row) * this.#width + frame.x) * 4;
      this.#pixels.fill(0, start, start + frame.width * 4);
    }
  }

  /** Source over destination, https://www.w3.org/TR/png-3/#alpha-compositing. */
  #blend(line: Buffer, target: number): void {
    for (let i = 0; i < line.length; i += 4) {
      const alpha = line[i + 3] ?? 0;
      if (alpha === 0) continue;
      const below = (this.#pixels[target + i + 3] ?? 0) * (255 - alpha);
      const total = alpha * 255 + below;
      for (let channel = 0; channel < 3; channel++) {
        const over = (line[i + channel] ?? 0) * alpha * 255;
        const under = (this.#pixels[target + i + channel] ?? 0) * below;
        this.#pixels[target + i + channel] = Math.round((over + under) / total);
      }
      this.#pixels[target + i + 3] = Math.round(total / 255);
    }
  }
}

function broken(): AppError {
  return new AppError('SM_ASSET_BROKEN', 'The animated PNG is damaged. Save it again.');
}
