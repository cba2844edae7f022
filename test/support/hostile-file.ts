import { brotliCompressSync, constants } from 'node:zlib';

/** A file as somebody would send it who wants to hurt, or whose disk was full. */
export type HostileFile = {
  readonly name: string;
  readonly bytes: Buffer;
  /** What must become of it; `either`: it is taken, or refused with a reason. */
  readonly outcome: 'taken' | 'refused' | 'either';
};

/** Bytes that are hard to foresee and always the same. */
export function noise(bytes: number): Buffer {
  const result = Buffer.alloc(bytes);
  let state = 1;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    result[i] = state >>> 24;
  }
  return result;
}

/** One that must be refused. */
export function broken(name: string, bytes: Buffer): HostileFile {
  return { name, bytes, outcome: 'refused' };
}

/** Zeros as Brotli packs them: quickly, for the size of what is unpacked is what matters. */
export function packedZeros(bytes: number): Buffer {
  return brotliCompressSync(Buffer.alloc(bytes), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
  });
}
