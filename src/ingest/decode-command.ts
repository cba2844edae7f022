import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_FORMATS } from '../ffmpeg/sound-formats.js';
import type { Guarded } from './guard-proxy.js';

/** How FFmpeg is asked for the samples of a track: a WAV of floats, mono or stereo, at the rate of the mixer. */

/** What FFmpeg may have of memory that it writes to, kilobytes, held by the system. It takes some 60 MB for a track. */
const MEMORY_KB = 400_000;

/** What names further files may do so within the network only. */
const NETWORK_FORMATS = [...SOUND_FORMATS, 'hls'].join(',');
const FILE_FORMATS = SOUND_FORMATS.join(',');

const FILE_PROTOCOLS = 'file';
const NETWORK_PROTOCOLS = 'http,https,httpproxy,tcp,tls,crypto';

/** After so long without a byte a connection is given up, microseconds. */
const NETWORK_TIMEOUT_US = 10_000_000;

/**
 * Two channels of more: the matrix of ITU-R BS.775, in floats. FFmpeg would make it quieter until nothing can be above full scale;
 * the greatest limit there is keeps it from that, since what is too loud is for the limiter of the mixer.
 */
const DOWN_MIX = 'internal_sample_fmt=fltp:rematrix_maxval=1000';

/** Where FFmpeg reads, and through what. */
export type DecodeInput =
  | { readonly kind: 'path'; readonly path: string }
  | ({
      readonly kind: 'url';
      readonly isLive: boolean;
    } & Guarded);

function inputArguments(input: DecodeInput): string[] {
  if (input.kind === 'path')
    return [
      ...['-protocol_whitelist', FILE_PROTOCOLS, '-format_whitelist', FILE_FORMATS],
      ...['-i', `file:${input.path}`],
    ];
  const options = {
    protocol_whitelist: NETWORK_PROTOCOLS,
    format_whitelist: NETWORK_FORMATS,
    rw_timeout: String(NETWORK_TIMEOUT_US),
    user_agent: 'stream-manager',
  };
  // The beginning of a live stream is heard after as few bytes as will do.
  const probing = input.isLive ? ['-probesize', '65536', '-analyzeduration', '1000000'] : [];
  const named = Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]);
  // It would believe a server that says it sends parts and does not.
  const seeking = input.ranges() === 'sent' ? [] : ['-seekable', '0'];
  return [...probing, ...named, ...seeking, '-i', input.url];
}

/**
 * The environment of FFmpeg: all of its connections go through the guard, whatever proxy the service has, and whichever hosts
 * are to be reached without one.
 */
export function decodeEnvironment(input: DecodeInput): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name));
  const guarded = input.kind === 'url' ? [['http_proxy', input.proxyUrl] as const] : [];
  return Object.fromEntries([...own, ...guarded]);
}

/** The arguments of FFmpeg. @param fromSamples - where in the file it begins, at the rate of the mixer */
export function decodeArguments(input: DecodeInput, fromSamples: number): string[] {
  // By the timestamps that are written: FFmpeg's own begin anew after a seek in a playlist, so that it would begin with a whole
  // part, and with the first one where there is nothing to be found.
  const seek =
    fromSamples === 0 ? [] : ['-copyts', '-ss', (fromSamples / SAMPLE_RATE_HZ).toFixed(6)];
  // What has one channel stays as loud as it is.
  const filter = `aresample=${SAMPLE_RATE_HZ}:${DOWN_MIX},aformat=sample_fmts=flt:channel_layouts=mono|stereo`;
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-threads', '1'],
    ...[...seek, ...inputArguments(input)],
    ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1', '-af', filter],
    ...['-c:a', 'pcm_f32le', '-fflags', '+bitexact', '-f', 'wav', 'pipe:1'],
  ];
}

/** Sets the limits and becomes the program: where a limit is not known, the others hold. */
export function limited(path: string, args: readonly string[]): { path: string; args: string[] } {
  const script = `ulimit -c 0; ulimit -d ${MEMORY_KB}; exec nice -n 5 "$0" "$@"`;
  return { path: '/bin/sh', args: ['-c', script, path, ...args] };
}
