import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  return typeof found === 'function'
    ? () => void Reflect.apply(found, undefined, [])
    : () => undefined;
}

/**
 * Collects what the calling thread has given up, at once: up to a tenth of a second in which it does nothing else. V8
 * does it by itself when a heap has grown by half, which one that is left with little to do does not.
 */
export function collectGarbage(): void {
  collect ??= findCollector();
  collect();
}
