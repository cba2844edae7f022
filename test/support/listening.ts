import { WebSocket } from 'ws';
import { z } from 'zod';

const TextSchema = z.looseObject({
  type: z.string(),
  startSample: z.int(),
  frame: z.int(),
  ms: z.number().optional(),
});
export type ListeningText = z.infer<typeof TextSchema>;

/** What came over /ws/preview/audio: a text message, or 20 ms of sound. */
export type ListeningMessage = ListeningText | Buffer;

/** Hears the sound of a program over a WebSocket. */
export class Ear {
  readonly socket: WebSocket;
  readonly messages: ListeningMessage[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      this.messages.push(isBinary ? data : TextSchema.parse(JSON.parse(data.toString())));
    });
  }

  /** Resolves when it is let in; rejects with the status and the body when it is not. */
  static async open(
    port: number,
    query = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Ear> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/preview/audio${query}`, { headers });
    const ear = new Ear(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          reject(new Error(`${response.statusCode ?? 0} ${Buffer.concat(parts).toString()}`));
          socket.terminate();
        });
      });
      socket.on('error', reject);
    });
    return ear;
  }

  get texts(): ListeningText[] {
    return this.messages.flatMap((message) => (Buffer.isBuffer(message) ? [] : [message]));
  }

  get packets(): Buffer[] {
    return this.messages.filter((message) => Buffer.isBuffer(message));
  }

  /** Resolves with how the connection ends. */
  closed(): Promise<{ readonly code: number; readonly reason: string }> {
    return new Promise((resolve) => {
      this.socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  async close(): Promise<void> {
    const closed = this.closed();
    this.socket.terminate();
    await closed;
  }
}
