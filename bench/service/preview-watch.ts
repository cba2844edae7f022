import { once } from 'node:events';
import jpegTurbo from '@julusian/jpeg-turbo';
import { WebSocket } from 'ws';

/** Narrow and at the full rate: what is watched for is one colour, as soon as it can be seen. */
const PATH = '/ws/preview?width=160&fps=60&quality=20';
const TIMEOUT_MS = 5000;
/** Half way between the two colours that are looked for. */
const BRIGHT = 128;

/** A viewer that sees whether the middle of the picture is bright or dark. */
export class PreviewWatch {
  readonly #socket: WebSocket;
  readonly #listeners = new Set<(isBright: boolean) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const {
        data: pixels,
        width,
        height,
      } = jpegTurbo.decompressSync(data, {
        format: jpegTurbo.FORMAT_GRAY,
      });
      const middle = pixels[Math.floor(height / 2) * width + Math.floor(width / 2)] ?? 0;
      for (const listener of this.#listeners) listener(middle > BRIGHT);
    });
  }

  static async open(port: number): Promise<PreviewWatch> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${PATH}`);
    const watch = new PreviewWatch(socket);
    await once(socket, 'open');
    return watch;
  }

  /** Resolves at the first picture that is as bright as wanted. @throws Error when none comes */
  saw(isBright: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        reject(new Error('The change was never seen in the preview.'));
      }, TIMEOUT_MS);
      const listener = (seen: boolean): void => {
        if (seen !== isBright) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
