import type { KillCause } from '../core/supervisor.js';

/** How a connection ended, as far as it is known. */
export type RelayEnd = {
  readonly host: string;
  /** Whether media had gone out before. */
  readonly wasLive: boolean;
  /** Why it was ended from here; null when it ended by itself. */
  readonly killedFor: KillCause | null;
  /** What FFmpeg said last, without secrets. */
  readonly complaints: readonly string[];
};

const KNOWN_CAUSES: readonly (readonly [pattern: RegExp, explain: (host: string) => string])[] = [
  [
    /peer certificate failed verification/i,
    (host) =>
      `The certificate of ${host} is not valid or not signed by a trusted authority. Set RTMPS_CA_FILE to trust your own authority.`,
  ],
  [
    /certificate's owner does not match/i,
    (host) => `The certificate of ${host} is issued for another host. Check the address.`,
  ],
  [
    /connection refused/i,
    (host) =>
      `${host} refuses connections. Check that the server is running and the port is right.`,
  ],
  [
    /failed to resolve|name or service not known|name resolution/i,
    (host) => `The host name ${host} cannot be resolved. Check the address.`,
  ],
  [
    /no route to host|network is unreachable/i,
    (host) => `${host} cannot be reached from this network.`,
  ],
  [/timed out/i, (host) => `${host} does not respond. Check the address and the firewall.`],
];

const CLOSED = /broken pipe|connection reset|input\/output error|end of file/i;

/** Why an output was lost, in a sentence for people that says what to check. */
export function explainRelayEnd({ host, wasLive, killedFor, complaints }: RelayEnd): string {
  if (killedFor === 'late') return `${host} does not respond. Check the address and the firewall.`;
  const said = complaints.join('\n');
  if (killedFor === 'silent' || (wasLive && /timed out/i.test(said)))
    return `${host} stopped accepting data.`;
  const refusal = /Server error: ([^\n]+)/.exec(said)?.[1];
  if (refusal !== undefined)
    return `${host} refused the stream (${refusal}). Check the address and the stream key.`;
  for (const [pattern, explain] of KNOWN_CAUSES) if (pattern.test(said)) return explain(host);
  if (CLOSED.test(said) || said === '')
    return wasLive
      ? `${host} closed the connection.`
      : `${host} closed the connection before the stream began. Check the stream key.`;
  return `The connection to ${host} failed: ${complaints.at(-1) ?? ''}`;
}
