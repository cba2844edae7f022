import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcess } from '../core/child-process.js';
import { workerEntryPath } from '../core/paths.js';
import { makeScratchFolder } from '../core/scratch-folders.js';
import type { DecodedFrame, FrameAnswer, FrameRequest } from './frame-protocol.js';
import { PixelFile } from './pixel-file.js';

/** What it may have of memory that it writes to, kilobytes, held by the system (`ulimit -d`): a picture of 8K takes 0.5 GB. */
const MEMORY_KB = 1_000_000;

/** One picture may take so long, milliseconds, the start of the process included: some hundred times as long as it does. */
const PATIENCE_MS = 5000;

const ENVIRONMENT = { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '2' };

type Child = ChildProcess<FrameAnswer, FrameRequest>;

type Pending = {
  readonly resolve: (frame: DecodedFrame) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
};

/**
 * Decodes pictures that a program sends, one at a time, in a process of its own: whatever they make of the library, it is not ours.
 * Started with the first one, and again after each end.
 */
export class FrameDecoder {
  #child: Child | null = null;
  #pending: Pending | null = null;
  readonly #file: PixelFile;

  private constructor(file: PixelFile) {
    this.#file = file;
  }

  /** @throws Error when no temporary file can be made */
  static async open(): Promise<FrameDecoder> {
    const folder = await makeScratchFolder(tmpdir());
    try {
      return new FrameDecoder(new PixelFile(join(folder, 'pixels')));
    } finally {
      // Who has it open has it still; nobody else finds it, and it is gone when nobody has.
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * Decodes a picture; the one before must have been answered and read.
   * @throws Error for people when it cannot be decoded
   */
  decode(request: FrameRequest): Promise<DecodedFrame> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#child?.kill();
      }, PATIENCE_MS);
      this.#pending = { resolve, reject, timer };
      this.#child ??= this.#start();
      this.#child.send(request);
    });
  }

  /** Puts the pixels of the picture that was decoded last where they are wanted, as they are. */
  readInto(target: Uint8Array): void {
    this.#file.readInto(target);
  }

  /** Ends the process. A picture that is being decoded fails. */
  close(): void {
    this.#child?.kill();
    this.#settle()?.reject(new Error('It is not decoded any more.'));
    this.#file.close();
  }

  #start(): Child {
    const limits = `ulimit -c 0; ulimit -d ${MEMORY_KB}; exec nice -n 1 "$0" "$@"`;
    const args = ['--max-old-space-size=256', workerEntryPath('frame-decoder')];
    const child = new ChildProcess<FrameAnswer, FrameRequest>({
      path: '/bin/sh',
      args: ['-c', limits, process.execPath, ...args],
      environment: { PATH: process.env['PATH'], ...ENVIRONMENT },
      files: [this.#file.fd],
      onMessage: (answer) => {
        const pending = this.#settle();
        if (answer.type === 'done') pending?.resolve(answer);
        else pending?.reject(new Error(answer.reason));
      },
    });
    void child.ended.then(() => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#settle()?.reject(new Error('The picture takes too much time or memory to be decoded.'));
    });
    return child;
  }

  #settle(): Pending | null {
    const pending = this.#pending;
    this.#pending = null;
    if (pending !== null) clearTimeout(pending.timer);
    return pending;
  }
}
