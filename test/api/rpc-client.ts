import { WebSocket } from 'ws';
import { z } from 'zod';

const MessageSchema = z.looseObject({
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  result: z.json().optional(),
  error: z
    .looseObject({
      code: z.number(),
      message: z.string(),
      data: z.looseObject({ code: z.string() }),
    })
    .optional(),
  method: z.string().optional(),
  params: z
    .looseObject({
      seq: z.number(),
      topic: z.string(),
      type: z.string(),
      at: z.string(),
      data: z.record(z.string(), z.json()),
    })
    .optional(),
});
export type RpcMessage = z.infer<typeof MessageSchema>;

/** A JSON-RPC client on a real WebSocket. */
export type RpcClient = {
  readonly socket: WebSocket;
  /** Events so far, in order. */
  readonly events: NonNullable<RpcMessage['params']>[];
  call(method: string, params?: object): Promise<RpcMessage>;
  /** Sends a text as it is and resolves with the next message that is no event, batch or not. */
  say(text: string | Uint8Array): Promise<RpcMessage[]>;
  close(): void;
};

export async function openRpc(
  url: string,
  subprotocols: readonly string[] = [],
): Promise<RpcClient> {
  const socket = new WebSocket(url, [...subprotocols]);
  const events: RpcClient['events'] = [];
  const waiting = new Map<RpcMessage['id'], (message: RpcMessage) => void>();
  let next: ((messages: RpcMessage[]) => void) | null = null;
  let nextId = 1;
  socket.on('message', (data: Buffer) => {
    const parsed: unknown = JSON.parse(data.toString());
    const messages = (Array.isArray(parsed) ? parsed : [parsed]).map((one) =>
      MessageSchema.parse(one),
    );
    const [message] = messages;
    if (message?.method === 'event' && message.params !== undefined) {
      events.push(message.params);
      return;
    }
    const resolve = waiting.get(message?.id);
    if (resolve !== undefined && message !== undefined) {
      waiting.delete(message.id);
      resolve(message);
    } else next?.(messages);
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    events,
    call: (method, params) =>
      new Promise((resolve) => {
        const id = nextId++;
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      }),
    say: (text) =>
      new Promise((resolve) => {
        next = resolve;
        socket.send(text);
      }),
    close: () => {
      socket.terminate();
    },
  };
}
