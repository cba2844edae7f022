import { maskStreamAddress } from '../core/stream-address.js';
import type { Output } from './model.js';

/** An output as it is shown: without its stream key. The built-in one has no secret, and players need its address. */
export function maskOutput(output: Output): Output {
  return output.builtIn ? output : { ...output, url: maskStreamAddress(output.url) };
}
