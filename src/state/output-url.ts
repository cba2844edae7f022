import { redactSecrets } from '../core/logger.js';
import type { Output } from './model.js';

/** What is wrong with the address of an RTMP output, for people and without repeating it; null when nothing is. */
export function outputUrlProblem(url: string): string | null {
  const allowed = 'must be an RTMP address such as rtmp://host/app/key';
  if (/[\s'"\\<>]/.test(url) || !/^[\x21-\x7e]+$/.test(url)) {
    return `${allowed}, without spaces, quotes or letters that are not ASCII`;
  }
  if (!URL.canParse(url)) return allowed;
  const { protocol, hostname, pathname } = new URL(url);
  if (protocol !== 'rtmp:' && protocol !== 'rtmps:') return `${allowed} or rtmps://host/app/key`;
  if (hostname === '') return `${allowed}; this one has no host`;
  if (pathname.replaceAll('/', '') === '') return `${allowed}; this one has nothing after the host`;
  if (pathname.includes('***')) return 'has its key hidden; give the whole address';
  return null;
}

/** An output as it is shown: without its stream key. The built-in one has no secret, and players need its address. */
export function maskOutput(output: Output): Output {
  return output.builtIn ? output : { ...output, url: redactSecrets(output.url) };
}
