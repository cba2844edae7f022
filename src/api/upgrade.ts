import type { Identity } from './auth.js';
import { bearerToken, readSubprotocols } from './auth.js';
import { Exchange } from './exchange.js';
import type { Gate } from './gate.js';
import type { OriginGuard } from './origin-guard.js';
import type { Requests } from './requests.js';
import type { TrustedProxies } from './trusted-proxies.js';
import type { HttpRequest, HttpResponse, UpgradeContext } from './uws.js';

export type UpgradeDeps = {
  readonly gate: Gate;
  readonly guard: OriginGuard;
  readonly requests: Requests;
  readonly proxies: TrustedProxies;
  /** Takes note of an exchange while it lasts. @throws AppError SM_SHUTTING_DOWN */
  readonly track: (exchange: Exchange) => void;
};

/** Who asks for a WebSocket, and how. */
export type Visitor = {
  readonly identity: Identity;
  readonly address: string;
  readonly path: string;
  /** Of the request's address, without the question mark. */
  readonly query: string;
};

/**
 * The handler of a WebSocket's opening: the same door as for every request, with answers as problem+json when it
 * stays shut. `accept` makes the data that the socket carries. @param accept may throw AppError to refuse
 */
export function createUpgradeHandler(
  name: string,
  deps: UpgradeDeps,
  accept: (visitor: Visitor) => unknown,
): (response: HttpResponse, request: HttpRequest, context: UpgradeContext) => void {
  return (response, request, context) => {
    const exchange = new Exchange(response, request, deps.proxies);
    const key = request.getHeader('sec-websocket-key');
    const extensions = request.getHeader('sec-websocket-extensions');
    const subprotocols = readSubprotocols(request.getHeader('sec-websocket-protocol'));
    const token = bearerToken(exchange.header('authorization')) ?? subprotocols.token;

    const open = async (): Promise<void> => {
      try {
        deps.track(exchange);
        deps.guard.check(exchange.method, exchange.header('host'), exchange.header('origin'), true);
        const identity = await deps.gate.identify(exchange.remoteAddress, token);
        await deps.gate.count(identity, exchange.remoteAddress);
        if (!exchange.open) return;
        const { remoteAddress: address, path, query } = exchange;
        const data = accept({ identity, address, path, query });
        exchange.upgrade(data, { key, protocol: subprotocols.accepted, extensions, context });
      } catch (thrown) {
        exchange.sendProblem(deps.requests.report(name, thrown));
      }
    };
    void open();
  };
}
