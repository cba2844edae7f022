import { isIPv6 } from 'node:net';
import { type AddressPolicy, bareHost, isPublicAddress, notPublic } from '../net/address.js';
import type { Resolver } from '../net/resolver.js';
import type { InputContent } from './contract.js';
import { decodeEnvironment } from './decode-command.js';
import type { GuardProxy } from './guard-proxy.js';
import type { OpenSource } from './input-decoder.js';

/** Latency of SRT itself, within that of the input, as a part of it; no less than this, milliseconds. */
const SRT_LATENCY_PART = 0.5;
const LEAST_SRT_LATENCY_MS = 20;

const nothing = (): void => undefined;

function withoutProxies(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name)));
}

/**
 * Looks up where live inputs are read: what comes over HTTP goes through the guard; of other protocols the host is resolved and
 * checked here, and FFmpeg is given the address that was checked.
 */
export class InputSources {
  readonly #policy: AddressPolicy;
  readonly #resolve: Resolver;
  readonly #guard: GuardProxy;
  readonly #listenHost: string;
  #named = 0;

  constructor({
    policy,
    resolver,
    guard,
    listenHost,
  }: {
    readonly policy: AddressPolicy;
    readonly resolver: Resolver;
    readonly guard: GuardProxy;
    /** The address that is listened on. */
    readonly listenHost: string;
  }) {
    this.#policy = policy;
    this.#resolve = resolver;
    this.#guard = guard;
    this.#listenHost = listenHost;
  }

  /** @throws AppError, or Error, for people, when it may not be read */
  async open(
    content: Exclude<InputContent, { readonly kind: 'frames' | 'web' }>,
    latencyMs: number,
  ): Promise<OpenSource> {
    const environment = withoutProxies();
    switch (content.kind) {
      case 'rtmp-push':
        return {
          source: { kind: 'flv-socket', path: content.socketPath },
          environment,
          waits: true,
          secrets: [],
          release: nothing,
        };
      case 'srt-listen': {
        const { port, passphrase } = content;
        const srtLatencyMs = Math.max(LEAST_SRT_LATENCY_MS, latencyMs * SRT_LATENCY_PART);
        return {
          source: {
            kind: 'srt-listen',
            host: isIPv6(this.#listenHost) ? `[${this.#listenHost}]` : this.#listenHost,
            port,
            latencyMs: srtLatencyMs,
            passphrase,
          },
          environment,
          waits: true,
          secrets: passphrase === null ? [] : [passphrase],
          release: nothing,
        };
      }
      case 'hls':
      case 'http-ts': {
        const name = `input-${this.#named++}`;
        const guarded = this.#guard.admit(name, content.url);
        return {
          source: { kind: 'http', url: guarded.url, isPaced: content.kind === 'hls' },
          environment: decodeEnvironment({ kind: 'url', isLive: true, ...guarded }),
          waits: false,
          secrets: [content.url],
          release: () => {
            this.#guard.forget(name);
          },
        };
      }
      case 'rtmp':
      case 'rtsp':
      case 'srt':
        return {
          source: { kind: content.kind, url: await this.#checked(content.url) },
          environment,
          waits: false,
          secrets: secretsOf(content.url),
          release: nothing,
        };
    }
  }

  /** The address with its host as it was checked. */
  async #checked(text: string): Promise<string> {
    const url = new URL(text);
    const host = bareHost(url.hostname);
    const { allowPrivateHosts } = this.#policy;
    if (allowPrivateHosts.has(host) || allowPrivateHosts.has(url.host)) return text;
    const addresses = await this.#resolve(host);
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      throw notPublic(host);
    // The name belongs to what is encrypted, and is checked there.
    if (/^(rtmps|rtsps):$/.test(url.protocol)) return text;
    const literal = isIPv6(first.address) ? `[${first.address}]` : first.address;
    return text.replace(url.host, url.port === '' ? literal : `${literal}:${url.port}`);
  }
}

/** What stands behind the host, and a password, if there is one. */
function secretsOf(text: string): string[] {
  const { username, password, pathname, search } = new URL(text);
  return [text, `${pathname}${search}`, username, password].filter((one) => one.length > 3);
}
