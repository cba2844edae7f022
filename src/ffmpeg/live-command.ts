/** How FFmpeg is asked for a live input: raw pictures and samples with their timestamps, as they come. */

/** What FFmpeg may have of memory that it writes to, kilobytes, held by the system. */
const MEMORY_KB = 1_500_000;

/** Its threads together take what one that decodes 1080p60 in time needs. */
const THREADS = 2;

/** Pictures that come faster are left out: seconds between two of them, a little less than with 60 a second. */
const LEAST_SECONDS = 0.0155;

/** After so long without a byte a connection is given up, microseconds. */
const NETWORK_TIMEOUT_US = 10_000_000;

/** How much is read to find out what is sent. Without a limit FFmpeg takes seconds over it. */
const PROBE_BYTES = 500_000;
const PROBE_US = 1_000_000;

/** A stream that does not go on is waited for so long before the others do, microseconds. */
const INTERLEAVE_US = 100_000;

/** Where FFmpeg reads a live input. */
export type LiveSource =
  /** FLV that this service hands over, at a socket of its own. */
  | { readonly kind: 'flv-socket'; readonly path: string }
  /** It waits for a caller. */
  | {
      readonly kind: 'srt-listen';
      readonly host: string;
      readonly port: number;
      readonly latencyMs: number;
      readonly passphrase: string | null;
    }
  /** Through what guards connections. */
  | { readonly kind: 'http'; readonly url: string; readonly isPaced: boolean }
  /** `url` names the address of a host that has been looked up. */
  | { readonly kind: 'rtmp' | 'rtsp' | 'srt'; readonly url: string };

/** Formats and protocols that a source may be in: what names further files names them within the network only. */
const ALLOWED: Readonly<
  Record<LiveSource['kind'], { readonly formats: string; readonly protocols: string }>
> = {
  'flv-socket': { formats: 'flv,live_flv', protocols: 'unix' },
  'srt-listen': { formats: 'mpegts', protocols: 'srt,udp' },
  http: {
    formats: 'hls,mpegts,flv,live_flv,mov,matroska,mpjpeg,aac,mp3,ogg',
    protocols: 'http,https,httpproxy,tcp,tls,crypto',
  },
  rtmp: { formats: 'flv,live_flv', protocols: 'rtmp,rtmps,tcp,tls' },
  rtsp: { formats: 'rtsp,sdp,rtp,mpegts', protocols: 'rtsp,rtp,tcp,udp,tls' },
  srt: { formats: 'mpegts', protocols: 'srt,udp' },
};

function sourceArguments(source: LiveSource): string[] {
  switch (source.kind) {
    case 'flv-socket':
      return ['-f', 'flv', '-i', `unix:${source.path}`];
    case 'srt-listen': {
      const { host, port, latencyMs, passphrase } = source;
      const query = new URLSearchParams({
        mode: 'listener',
        listen_timeout: '-1',
        latency: String(Math.round(latencyMs * 1000)),
        ...(passphrase === null ? {} : { passphrase }),
      });
      return ['-f', 'mpegts', '-i', `srt://${host}:${port}?${query.toString()}`];
    }
    case 'http':
      return [
        ...(source.isPaced ? ['-re'] : []),
        ...['-rw_timeout', String(NETWORK_TIMEOUT_US), '-user_agent', 'stream-manager'],
        ...['-i', source.url],
      ];
    case 'rtmp':
      return ['-rw_timeout', String(NETWORK_TIMEOUT_US), '-i', source.url];
    case 'rtsp':
      return [
        ...['-rtsp_transport', 'tcp', '-timeout', String(NETWORK_TIMEOUT_US)],
        ...['-i', source.url],
      ];
    case 'srt':
      return ['-f', 'mpegts', '-i', source.url];
  }
}

/** The whole of a picture in a box: square pixels, no larger than it is, both sides even. */
function fittedInto(widthPx: number, heightPx: number): string {
  return [
    'scale=w=trunc(iw*if(sar\\,sar\\,1)/2)*2:h=trunc(ih/2)*2',
    'setsar=1',
    `scale=w=min(iw\\,${widthPx}):h=min(ih\\,${heightPx}):force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bilinear+accurate_rnd:out_color_matrix=bt709:out_range=limited:in_h_chr_pos=0:out_h_chr_pos=0`,
    'format=yuv420p',
  ].join(',');
}

/** @param maxWidthPx - pictures are scaled down to this at the most, as they are to `maxHeightPx` */
export function liveArguments(
  source: LiveSource,
  maxWidthPx: number,
  maxHeightPx: number,
): string[] {
  const { formats, protocols } = ALLOWED[source.kind];
  const thinned = `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${LEAST_SECONDS})+lt(t\\,prev_selected_t)`;
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error'],
    ...['-threads', String(THREADS), '-filter_threads', '1'],
    ...['-probesize', String(PROBE_BYTES), '-analyzeduration', String(PROBE_US)],
    ...['-protocol_whitelist', protocols, '-format_whitelist', formats],
    ...sourceArguments(source),
    ...['-map', '0:V:0?', '-map', '0:a:0?', '-sn', '-dn', '-map_metadata', '-1'],
    ...['-vf', `${thinned},${fittedInto(maxWidthPx, maxHeightPx)}`, '-fps_mode', 'passthrough'],
    ...['-c:v', 'rawvideo', '-c:a', 'pcm_f32le', '-ar', '48000', '-ac', '2'],
    ...['-max_interleave_delta', String(INTERLEAVE_US), '-flush_packets', '1'],
    ...['-f', 'nut', 'pipe:1'],
  ];
}

/**
 * Sets the limits and becomes the program, which stands back for the threads of the service. It ends with its standard input: one
 * that waits for a caller writes nothing, and would outlive a service that was killed.
 */
export function limitedLive(
  path: string,
  args: readonly string[],
): { readonly path: string; readonly args: string[] } {
  const watch = 'exec 3<&0; { cat <&3; kill -9 $$; } >/dev/null 2>&1 &';
  const script = `${watch} ulimit -c 0; ulimit -d ${MEMORY_KB}; exec nice -n 1 "$0" "$@" 3<&-`;
  return { path: '/bin/sh', args: ['-c', script, path, ...args] };
}
