import { pictureFormatOf, type VideoTrack } from '../scene/video-track.js';
import { VIDEO_FORMATS } from './video-formats.js';

/**
 * How FFmpeg is asked for the pictures of a video, of the size and at the rate of its track: I420 of BT.709 in limited range, or
 * premultiplied RGBA of a video with transparency.
 */

/** What FFmpeg may have of memory that it writes to, kilobytes, held by the system. A video of 4K takes some 600 MB. */
const MEMORY_KB = 1_500_000;

/** Its threads together take what one that decodes 1080p60 in time needs. */
const THREADS = 2;

/** Decoders that read the transparency of a format, where FFmpeg's own do not. */
const ALPHA_DECODERS: Readonly<Record<string, string>> = { vp8: 'libvpx', vp9: 'libvpx-vp9' };

/** Where before a picture FFmpeg is told to begin, as a part of its time: the picture is the first that is not left out. */
const SEEK_MARGIN = 0.25;

/** Chroma is reckoned with all pixels, and rounded; FFmpeg would drop some of it to be quick. */
const SCALE_FLAGS = 'bicubic+accurate_rnd+full_chroma_int+full_chroma_inp';

/** From the pictures of the file to those that are wanted. */
function pixelFilters({ video, widthPx, heightPx }: VideoTrack): string[] {
  const scale = `scale=${widthPx}:${heightPx}:flags=${SCALE_FLAGS}:in_color_matrix=${video.matrix}`;
  if (pictureFormatOf(video) === 'rgba')
    return [scale, 'format=gbrap', 'premultiply=inplace=1', 'format=rgba'];
  // Chroma stays at the left, where FFmpeg would take it to be in the middle. Pictures that are as they should be come through
  // as they are.
  const wanted = 'out_color_matrix=bt709:out_range=limited:in_h_chr_pos=0:out_h_chr_pos=0';
  return [`${scale}:${wanted}`, 'format=yuv420p'];
}

/**
 * @param first - the picture of a run that comes first
 * @param count - so many pictures at the most
 */
export function videoArguments(track: VideoTrack, first: number, count: number): string[] {
  const { path, video, inMs, speed, timeline } = track;
  const { num, den } = timeline.rate;
  const pictureSeconds = (den / num) * speed;
  const fromSeconds = inMs / 1000 + (first - SEEK_MARGIN) * pictureSeconds;
  const alphaDecoder = video.hasAlpha ? ALPHA_DECODERS[video.codec] : undefined;
  const filters = [
    `setpts=PTS/${speed}`,
    `fps=fps=${num}/${den}:start_time=0`,
    ...pixelFilters(track),
  ];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error'],
    ...['-threads', String(THREADS), '-filter_threads', '1'],
    ...(alphaDecoder === undefined ? [] : ['-c:v', alphaDecoder]),
    ...(fromSeconds > 0 ? ['-ss', fromSeconds.toFixed(6)] : []),
    ...['-protocol_whitelist', 'file', '-format_whitelist', VIDEO_FORMATS.join(',')],
    ...['-i', `file:${path}`, '-map', '0:V:0', '-an', '-sn', '-dn', '-map_metadata', '-1'],
    ...['-vf', filters.join(','), '-frames:v', String(count), '-f', 'rawvideo', 'pipe:1'],
  ];
}

/**
 * Sets the limits and becomes the program: where a limit is not known, the others hold. It stands back for the threads of the
 * program: pictures are decoded ahead, and starting FFmpeg takes most of a second on some machines.
 */
export function limitedVideo(
  path: string,
  args: readonly string[],
): { readonly path: string; readonly args: string[] } {
  const script = `ulimit -c 0; ulimit -d ${MEMORY_KB}; exec nice -n 5 "$0" "$@"`;
  return { path: '/bin/sh', args: ['-c', script, path, ...args] };
}
