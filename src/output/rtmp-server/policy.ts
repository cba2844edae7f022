import { timingSafeEqual } from 'node:crypto';

/** The one stream that there is: application and name of `rtmp://host:port/live/program`. */
export const RTMP_APPLICATION = 'live';
export const RTMP_STREAM = 'program';
/** Query field of the publishing address that carries the secret. */
export const SECRET_FIELD = 'secret';

/** Query field of the playing address that carries the key. */
export const PLAY_KEY_FIELD = 'key';

/** Sessions of all kinds at a time. */
export const MAX_SESSIONS = 256;
/** A connection that has not begun to play or publish by then is closed. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A publisher of a live input that sends nothing for so long is disconnected. */
export const PUBLISHER_SILENCE_MS = 15_000;
/** What may wait for a player beyond the pictures it gets when it joins; more, and it is disconnected. */
export const MAX_PLAYER_BACKLOG_BYTES = 8 * 1024 * 1024;
/** Longest message of one who does not publish: commands are short. */
export const MAX_COMMAND_BYTES = 64 * 1024;
/** Chunk streams of one session; each may hold a message. */
export const MAX_CHUNK_STREAMS = 32;

/** Whether somebody may publish: from this machine, to the programme, with the secret. */
export function mayPublish(
  request: {
    readonly application: string;
    readonly stream: string;
    readonly secret: string;
    readonly remoteAddress: string | undefined;
    readonly localAddress: string | undefined;
  },
  secret: string,
): boolean {
  return (
    isProgram(request.application, request.stream) &&
    request.remoteAddress !== undefined &&
    // Both ends of a connection of a machine to itself have the same address.
    request.remoteAddress === request.localAddress &&
    isSameSecret(request.secret, secret)
  );
}

/** Whether somebody may play: the programme, with the key where there is one. @param playKey - null: there is none */
export function mayPlay(
  request: { readonly application: string; readonly stream: string; readonly key: string },
  playKey: string | null,
): boolean {
  const hasKey = playKey === null || isSameSecret(request.key, playKey);
  return hasKey && isProgram(request.application, request.stream);
}

/** Takes as long for a good guess as for a bad one. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether this names the programme. */
export function isProgram(application: string, stream: string): boolean {
  return application === RTMP_APPLICATION && stream === RTMP_STREAM;
}
