/** The parts of node-media-server that the adapter and the tests use; the package has no types. */

declare module 'node-media-server/src/session/rtmp_session.js' {
  import type { Socket } from 'node:net';

  /** A message of a track. `flags`: 0 and 2 are the headers of audio and video, 5 metadata, 3 a keyframe. */
  type MediaPacket = { codec_type: number; flags: number; pts: number; dts: number };

  /** Whoever is sent what is published. */
  type Subscriber = {
    readonly id: string;
    readonly ip: string;
    readonly protocol: 'flv';
    readonly sendBuffer: (buffer: Buffer) => void;
  };

  type Broadcast = {
    publisher: RtmpSession | null;
    publishGraceMs: number;
    readonly subscribers: Map<string, unknown>;
    postPlay: (subscriber: Subscriber) => string | null;
  };

  type Parser = {
    readonly parserPacket: { readonly header: { readonly length: number } };
    readonly inPackets: ReadonlyMap<number, unknown>;
    packetAlloc: (this: Parser) => void;
    onConnect: (this: Parser, message: { readonly cmdObj: { readonly app: string } }) => void;
    onPublish: (this: Parser, message: { readonly streamName: string }) => void;
  };

  class RtmpSession {
    constructor(socket: Socket);
    readonly id: string;
    readonly socket: Socket;
    readonly broadcast: Broadcast;
    readonly rtmp: Parser;
    run: () => void;
    onConnect: (request: {
      app: string;
      name: string;
      query: Readonly<Record<string, string | string[] | undefined>>;
    }) => void;
    onPlay: () => void;
    onPush: () => void;
    onPacket: (packet: MediaPacket) => void;
    onData: (data: Buffer) => void;
    sendBuffer: (buffer: Buffer) => void;
  }

  export = RtmpSession;
}

declare module 'node-media-server/src/core/context.js' {
  import type RtmpSession from 'node-media-server/src/session/rtmp_session.js';

  const context: { readonly sessions: Map<string, RtmpSession> };
  export = context;
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log: (message: string, level?: string) => void };
  export = logger;
}
