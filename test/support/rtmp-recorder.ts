import { spawn, type ChildProcess } from 'node:child_process';
import { freePort } from './ports.js';
import { packetsOfBytes, type ProbedPacket } from './media.js';

/** An RTMP destination for one publisher that keeps everything from the first byte on, whatever it is. */
export interface RtmpRecorder {
  readonly url: string;
  /** Bytes received since the last start, as FLV. */
  readonly byteCount: number;
  /** All packets since the last start. */
  packets(): Promise<ProbedPacket[]>;
  kill(): Promise<void>;
  /** Starts it again on the same port, with nothing kept. */
  restart(): void;
}

/** Starts FFmpeg as an RTMP server. Kill it in an `after` hook. */
export async function startRtmpRecorder(): Promise<RtmpRecorder> {
  const url = `rtmp://127.0.0.1:${await freePort()}/live/recorded`;
  let chunks: Buffer[] = [];
  let child: ChildProcess | null = null;
  const start = (): void => {
    chunks = [];
    const started = spawn(
      'ffmpeg',
      [
        ...['-v', 'error', '-nostdin', '-listen', '1', '-f', 'flv', '-i', url],
        // Also what comes before the first keyframe.
        ...['-map', '0', '-c', 'copy', '-copyinkf', '-copyts', '-f', 'flv', 'pipe:1'],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    started.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child = started;
  };
  start();
  return {
    url,
    get byteCount() {
      return chunks.reduce((sum, { length }) => sum + length, 0);
    },
    packets: () => packetsOfBytes(Buffer.concat(chunks), 'flv'),
    kill: async () => {
      const running = child;
      child = null;
      if (running === null || running.exitCode !== null || running.signalCode !== null) return;
      const ended = new Promise((resolve) => running.once('close', resolve));
      running.kill('SIGKILL');
      await ended;
    },
    restart: start,
  };
}
