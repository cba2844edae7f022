import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.js';
import { openParent } from '../core/parent-process.js';
import { BACKGROUND_NICENESS, lowerProcessPriority } from '../core/thread-priority.js';
import { SPENT_CPU_SECONDS, SPENT_RSS_BYTES } from './limits.js';
import type { DecodeAnswer, DecodeRequest } from './messages.js';
import type { DecodeHandlers, DecodeJobName } from './protocol.js';

/** How often the folder of pictures is tried to be removed again, 100 ms and more apart. */
const RETRIES = 5;

/** What libraries say when they get no memory; the file is too much then, and not broken. */
const OUT_OF_MEMORY =
  /out of memory|memory allocation|bad_alloc|array buffer allocation|ENOMEM|unable to call posix_memalign/i;

/**
 * The life of a decoder process: one request, one answer, until its owner is gone or ends it.
 * @param load - loads what a job needs: a job has begun, and its time counts, when that is there
 */
export function runDecoder(
  handlers: DecodeHandlers,
  load: (name: DecodeJobName) => Promise<void>,
): void {
  lowerProcessPriority(BACKGROUND_NICENESS);
  /** Where decoded pictures wait for an owner: without one they are in the way. */
  let pixelFolder: string | null = null;
  const owner = openParent<DecodeRequest, DecodeAnswer>(
    (request) => {
      if (isPixelRequest(request)) pixelFolder = dirname(request.input.intoPath);
      const begin = async (): Promise<unknown> => {
        await load(request.name);
        owner.send({ type: 'begun' });
        return perform(handlers, request);
      };
      begin().then(
        (output) => {
          owner.send({ type: 'done', output, isSpent: isSpent() });
        },
        (thrown: unknown) => {
          const { code, message } = toAnswer(thrown);
          owner.send({ type: 'failed', code, message, isSpent: isSpent() });
        },
      );
    },
    () => {
      // Another process of the same owner may be writing its last picture into it.
      if (pixelFolder !== null)
        rmSync(pixelFolder, { recursive: true, force: true, maxRetries: RETRIES });
      process.exit();
    },
  );
}

async function perform<K extends DecodeJobName>(
  handlers: DecodeHandlers,
  { name, input }: DecodeRequest<K>,
): Promise<unknown> {
  return handlers[name](input);
}

/** What a handler did not expect is the file's doing: nothing but files comes here. */
function toAnswer(thrown: unknown): AppError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (OUT_OF_MEMORY.test(message)) {
    return new AppError(
      'SM_ASSET_TOO_COMPLEX',
      'Decoding the file needs more memory than allowed for one file. Make it smaller or simpler.',
    );
  }
  if (thrown instanceof AppError) return thrown;
  return new AppError('SM_ASSET_BROKEN', `The file cannot be decoded (${message}). Save it again.`);
}

/** Memory that libraries keep, and processor time that counts towards the last limit, end with the process. */
function isSpent(): boolean {
  const { user, system } = process.cpuUsage();
  return process.memoryUsage.rss() > SPENT_RSS_BYTES || (user + system) / 1e6 > SPENT_CPU_SECONDS;
}

function isPixelRequest(request: DecodeRequest): request is DecodeRequest<'writePixels'> {
  return request.name === 'writePixels';
}
