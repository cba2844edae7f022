import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Once a second, for a fifth of one: white pictures, and a beep with the same timestamps. */
export const FLASH_AND_BEEP = {
  picture: (size: string, fps: number): string =>
    `color=c=black:s=${size}:r=${fps},drawbox=c=white:t=fill:enable='lt(mod(t\\,1)\\,0.2)'`,
  sound: "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.2)':s=48000:c=stereo",
} as const;

export type SenderOptions = {
  /** Sources of FFmpeg's lavfi. */
  readonly picture: string;
  /** Null: it sends no sound. */
  readonly sound: string | null;
  /** Format and address. */
  readonly to: readonly string[];
};

/** Somebody who sends live: an FFmpeg that makes pictures and sound as fast as they are shown. */
export class LiveSender {
  readonly #child: ChildProcess;
  #complaints = '';

  constructor({ picture, sound, to }: SenderOptions) {
    this.#child = spawn(
      'ffmpeg',
      [
        ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-re'],
        ...['-f', 'lavfi', '-i', picture],
        ...(sound === null ? [] : ['-re', '-f', 'lavfi', '-i', sound]),
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30'],
        ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '128k'],
        ...to,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#child.stderr?.on('data', (text: Buffer) => (this.#complaints += text.toString()));
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Whether it has ended, and what it has complained of. */
  get end(): string | null {
    const { exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null ? null : this.#complaints;
  }

  /** Ends it like a power cut. */
  async kill(): Promise<void> {
    if (this.end !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
