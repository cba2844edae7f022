import { execFile, spawn } from 'node:child_process';
import { z } from 'zod';

/** What ffprobe and ffmpeg say about a stream or a file; everything bounded in time. */

const PROBE_TIMEOUT_MS = 15_000;

const StreamSchema = z.looseObject({
  codec_type: z.enum(['video', 'audio']),
  codec_name: z.string(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  r_frame_rate: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  sample_rate: z.string().optional(),
  channels: z.number().optional(),
});
export type ProbedStream = z.infer<typeof StreamSchema>;

const PacketSchema = z.looseObject({
  codec_type: z.enum(['video', 'audio']),
  pts: z.number(),
  pts_time: z.string(),
  dts: z.number().optional(),
  size: z.string(),
  flags: z.string(),
});
/** One packet of a stream: its presentation time, exact in ticks and rounded in seconds. */
export type ProbedPacket = {
  readonly type: 'video' | 'audio';
  readonly pts: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly isKeyframe: boolean;
};

const ProbeSchema = z.object({
  streams: z.array(StreamSchema).optional(),
  packets: z.array(PacketSchema).optional(),
});

function ffprobe(
  args: readonly string[],
  input: Buffer | null,
): Promise<z.infer<typeof ProbeSchema>> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'ffprobe',
      ['-v', 'error', '-of', 'json', ...args],
      { timeout: PROBE_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null)
          reject(new Error(`ffprobe ${args.join(' ')}: ${stderr}`, { cause: error }));
        else resolve(ProbeSchema.parse(JSON.parse(stdout)));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? undefined);
  });
}

/** The tracks of an address or a file. */
export async function probeStreams(url: string): Promise<ProbedStream[]> {
  return (await ffprobe(['-show_streams', '-i', url], null)).streams ?? [];
}

/** The tracks of bytes in a container of FFmpeg's name `format`. */
export async function probeBytes(bytes: Buffer, format: string): Promise<ProbedStream[]> {
  return (await ffprobe(['-show_streams', '-f', format, '-i', 'pipe:0'], bytes)).streams ?? [];
}

function toPackets(packets: readonly z.infer<typeof PacketSchema>[]): ProbedPacket[] {
  return packets.map((packet) => ({
    type: packet.codec_type,
    pts: packet.pts,
    seconds: Number(packet.pts_time),
    bytes: Number(packet.size),
    isKeyframe: packet.flags.includes('K'),
  }));
}

/** All packets of bytes in a container of FFmpeg's name `format`, in their order. */
export async function packetsOfBytes(bytes: Buffer, format: string): Promise<ProbedPacket[]> {
  return toPackets(
    (await ffprobe(['-show_packets', '-f', format, '-i', 'pipe:0'], bytes)).packets ?? [],
  );
}

/** The first picture that can be had from an address, as PNG. */
export function grabFrame(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      'ffmpeg',
      [
        '-v',
        'error',
        '-nostdin',
        '-i',
        url,
        '-frames:v',
        '1',
        // Without them every colour comes out a little too dark.
        '-sws_flags',
        'accurate_rnd+full_chroma_int+full_chroma_inp',
        '-c:v',
        'png',
        '-f',
        'image2pipe',
        'pipe:1',
      ],
      { timeout: PROBE_TIMEOUT_MS, killSignal: 'SIGKILL', encoding: 'buffer', maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(new Error(`ffmpeg could not read ${url}: ${stderr.toString()}`, { cause: error }));
      },
    );
  });
}

/** A player that pulls an address in the background and remembers everything that came. */
export interface Pull {
  /** Bytes received so far, as FLV. */
  readonly bytes: Buffer;
  /** Whether it is still connected. */
  readonly isRunning: boolean;
  /** Its packets so far; the last one may be missing while it runs. */
  packets(): Promise<ProbedPacket[]>;
  stop(): Promise<void>;
}

/** Starts to pull an address without decoding it. */
export function pull(url: string): Pull {
  const args = ['-v', 'error', '-nostdin', '-fflags', '+nobuffer+flush_packets', '-copyts'];
  const child = spawn(
    'ffmpeg',
    [...args, '-probesize', '100000', '-i', url, '-c', 'copy', '-f', 'flv', 'pipe:1'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => child.once('close', resolve));
  return {
    get bytes() {
      return Buffer.concat(chunks);
    },
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    packets: () => packetsOfBytes(Buffer.concat(chunks), 'flv'),
    stop: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
