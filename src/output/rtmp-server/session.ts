import type { Socket } from 'node:net';
import context from 'node-media-server/src/core/context.js';
import libraryLogger from 'node-media-server/src/core/logger.js';
import RtmpSession from 'node-media-server/src/session/rtmp_session.js';
import type { Logger } from '../../core/logger.js';
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_CHUNK_STREAMS,
  MAX_COMMAND_BYTES,
  MAX_PLAYER_BACKLOG_BYTES,
  PLAY_KEY_FIELD,
  PUBLISHER_SILENCE_MS,
  SECRET_FIELD,
  isProgram,
  mayPlay,
  mayPublish,
} from './policy.js';
import { INPUT_APPLICATION, type InputFeeds } from './input-feeds.js';
import type { TimelineJoin } from './timeline-join.js';

/**
 * The only file that knows node-media-server. Its protocol and its fan-out are used; its own server is not: it
 * opens a store on disk, exits the process when the port is taken, tells a publisher yes before it looks at the
 * credentials, takes media from anybody who is connected, waits for slow players without limit, and lets one
 * malformed message throw through the event loop. All of that is closed here, around each session.
 */
export type SessionOptions = {
  readonly secret: string;
  /** What players must know; null: nothing. */
  readonly playKey: string | null;
  readonly timeline: TimelineJoin;
  readonly feeds: InputFeeds;
  readonly logger: Logger;
};

/** What somebody has asked for, for people. */
const ASKED = { player: 'play', publisher: 'publish', input: 'publish' } as const;

/** Leads the library's log lines to ours; it would write to standard output itself. */
export function redirectLibraryLog(logger: Logger): void {
  libraryLogger.log = (message, level) => {
    if (level === 'error') logger.debug(message);
    else logger.trace(message);
  };
}

/** Speaks RTMP with whoever has connected: who has the key may play the programme, our own relay may publish it. */
export function serveSession(socket: Socket, options: SessionOptions): void {
  const { secret, playKey, timeline, feeds, logger } = options;
  const session = new RtmpSession(socket);
  const library = {
    onConnect: session.onConnect,
    onPlay: session.onPlay,
    onPush: session.onPush,
    onPacket: session.onPacket,
    onData: session.onData,
    sendBuffer: session.sendBuffer,
    packetAlloc: session.rtmp.packetAlloc,
  };
  let role: 'none' | 'refused' | 'player' | 'publisher' | 'input' = 'none';
  let request = { app: '', name: '', secret: '', key: '' };
  let backlogLimitBytes = Infinity;

  const refuse = (reason: string): void => {
    role = 'refused';
    logger.warn({ remote: socket.remoteAddress, reason }, 'An RTMP connection was refused');
    socket.destroy();
  };

  const take = (
    wanted: 'player' | 'publisher' | 'input',
    mayTake: boolean,
    begin: () => void,
  ): void => {
    if (role !== 'none' || !mayTake) {
      refuse(`it may not ${ASKED[wanted]} /${request.app}/${request.name}`);
      return;
    }
    role = wanted;
    // Players are silent by nature, and our own relay is watched by its owner.
    socket.setTimeout(wanted === 'input' ? PUBLISHER_SILENCE_MS : 0);
    begin();
  };

  const isInput = (): boolean => request.app === INPUT_APPLICATION && feeds.has(request.name);

  session.onConnect = (connect) => {
    const given = (field: string): string => {
      const value = connect.query[field];
      return typeof value === 'string' ? value : '';
    };
    request = {
      app: connect.app,
      name: connect.name,
      secret: given(SECRET_FIELD),
      key: given(PLAY_KEY_FIELD),
    };
    const isKnown = isProgram(request.app, request.name) || isInput();
    if (role === 'none' && isKnown) library.onConnect(connect);
  };
  session.onPlay = () => {
    const { app: application, name: stream, key } = request;
    take('player', mayPlay({ application, stream, key }, playKey), () => {
      library.onPlay();
      backlogLimitBytes = socket.writableLength + MAX_PLAYER_BACKLOG_BYTES;
    });
  };
  const takeInput = (): void => {
    const { name, key } = request;
    take('input', feeds.mayPublish(name, key), () => {
      session.broadcast.publishGraceMs = 0;
      feeds.begin(name, session);
      session.broadcast.publisher = null;
      library.onPush();
    });
  };
  session.onPush = () => {
    if (isInput()) {
      takeInput();
      return;
    }
    const { remoteAddress, localAddress } = socket;
    const { app: application, name: stream } = request;
    const asked = { application, stream, secret: request.secret, remoteAddress, localAddress };
    take('publisher', mayPublish(asked, secret), () => {
      // Without it a dead publisher would hold its place for half a minute.
      session.broadcast.publishGraceMs = 0;
      // Who has the secret is our own relay: an older connection of it is a dead one.
      session.broadcast.publisher?.socket.destroy();
      session.broadcast.publisher = null;
      timeline.begin();
      library.onPush();
    });
  };
  session.onPacket = (packet) => {
    if (role !== 'publisher' && role !== 'input') return;
    if (role === 'publisher') timeline.apply(packet);
    library.onPacket(packet);
  };
  session.sendBuffer = (buffer) => {
    if (socket.writableLength > backlogLimitBytes) refuse('it does not read');
    else library.sendBuffer(buffer);
  };
  session.rtmp.packetAlloc = () => {
    const { parserPacket, inPackets } = session.rtmp;
    const isMedia = role === 'publisher' || role === 'input';
    const isTooLong = parserPacket.header.length > MAX_COMMAND_BYTES && !isMedia;
    if (isTooLong || inPackets.size > MAX_CHUNK_STREAMS) throw new Error('it sends too much');
    library.packetAlloc.call(session.rtmp);
  };
  session.onData = (data) => {
    if (socket.destroyed) return;
    try {
      library.onData(data);
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
    }
  };

  socket.setNoDelay(true);
  socket.setTimeout(HANDSHAKE_TIMEOUT_MS, () => {
    refuse(role === 'input' ? 'it sends nothing' : 'it did not ask for anything in time');
  });
  session.run();
  context.sessions.set(session.id, session);
}
