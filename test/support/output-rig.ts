import { createLogger } from '../../src/core/logger.js';
import type { FrameRate } from '../../src/core/rational.js';
import { ChildCpu } from '../../src/output/child-cpu.js';
import { Encoder, originFrameFor } from '../../src/output/encoder.js';
import { findFfmpeg } from '../../src/ffmpeg/binary.js';
import { i420Bytes } from '../../src/output/matroska/header.js';
import { silenceOf } from '../../src/output/sound-run.js';
import { Outputs, type RelayTarget } from '../../src/output/outputs.js';
import type { OutputStatus } from '../../src/output/status.js';
import type { TlsTrust } from '../../src/ffmpeg/trusted-certificates.js';
import { TsStream } from '../../src/output/ts-stream.js';

const WIDTH = 320;
const HEIGHT = 180;
const DEFAULT_BITRATE_BPS = 1_000_000;
/** One more than may be on their way, so that none is changed before it is released. */
const PICTURES = 3;

/** Encoder, stream and outputs with a small moving picture that is fed at its true speed. */
export interface OutputRig {
  readonly encoder: Encoder;
  readonly outputs: Outputs;
  readonly tsStream: TsStream;
  readonly childCpu: ChildCpu;
  /** Frames that were due, that the encoder took, and that it gave back. */
  readonly counts: { due: number; taken: number; released: number };
  /** Everything the encoder has delivered. */
  readonly transportStream: () => Buffer;
  readonly status: (id: string) => OutputStatus | undefined;
  /** Why the encoder does not deliver. */
  trouble: string | null;
  /** Starts encoder and clock. */
  readonly start: () => Promise<void>;
  /** While true the clock runs on but no frame is sent. */
  isHeld: boolean;
  readonly close: () => Promise<void>;
}

export type OutputRigOptions = {
  readonly targets: readonly RelayTarget[];
  readonly frameRate?: FrameRate;
  readonly originFrame?: number;
  readonly bitrateBps?: number;
  readonly ffmpegPath?: string;
  readonly tls?: TlsTrust;
};

/** Builds a rig; nothing runs before `start`. */
export async function createOutputRig(options: OutputRigOptions): Promise<OutputRig> {
  const frameRate = options.frameRate ?? { num: 30, den: 1 };
  const bitrateBps = options.bitrateBps ?? DEFAULT_BITRATE_BPS;
  const ffmpeg = await findFfmpeg(options.ffmpegPath ?? null);
  const logger = createLogger('silent', 'test');
  const tsStream = new TsStream();
  const childCpu = new ChildCpu(() => undefined);
  const statuses = new Map<string, OutputStatus>();
  const chunks: Buffer[] = [];
  tsStream.subscribe(({ bytes }) => chunks.push(bytes));
  const encoder = new Encoder({
    ffmpeg,
    settings: { codec: 'libx264', preset: 'ultrafast', threads: 1 },
    format: { width: WIDTH, height: HEIGHT, frameRate, bitrateBps },
    sound: { bitrateBps: 128_000, channels: 2 },
    sink: tsStream,
    childCpu,
    logger,
    originFrame: options.originFrame ?? originFrameFor(frameRate),
    onTrouble: (trouble) => (rig.trouble = trouble),
  });
  const outputs = new Outputs({
    ffmpeg,
    tsStream,
    childCpu,
    tls: options.tls ?? { verify: true, caFile: null },
    logger,
    onStatus: (status) => statuses.set(status.id, status),
  });
  outputs.setTargets(options.targets);

  const bytes = i420Bytes(WIDTH, HEIGHT);
  const memory = new SharedArrayBuffer(bytes * PICTURES);
  const counts = { due: 0, taken: 0, released: 0 };
  let timer: NodeJS.Timeout | null = null;
  const rig: OutputRig = {
    encoder,
    outputs,
    tsStream,
    childCpu,
    counts,
    isHeld: false,
    trouble: null,
    transportStream: () => Buffer.concat(chunks),
    status: (id) => statuses.get(id),
    start: async () => {
      outputs.start(bitrateBps);
      await encoder.start();
      const startedAt = performance.now();
      timer = setInterval(() => {
        const seconds = (performance.now() - startedAt) / 1000;
        for (; counts.due < (seconds * frameRate.num) / frameRate.den; counts.due += 1) {
          if (rig.isHeld || !encoder.canAccept()) continue;
          const picture = Buffer.from(memory, (counts.due % PICTURES) * bytes, bytes);
          picture.fill((counts.due * 3) % 200, 0, bytes / 2);
          const silence = silenceOf(counts.due, frameRate);
          if (encoder.write(counts.due, picture, silence, () => (counts.released += 1)))
            counts.taken += 1;
        }
      }, 5);
    },
    close: async () => {
      if (timer !== null) clearInterval(timer);
      await encoder.close();
      await outputs.stop();
    },
  };
  return rig;
}
