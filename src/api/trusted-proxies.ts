import { BlockList, isIP } from 'node:net';

/**
 * The proxies whose word about who has sent a request is taken. Without any, a request is counted for the address that
 * its connection comes from, whatever its headers say.
 */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** @param networks - IP addresses, or networks as `address/bits`; checked before */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  /**
   * The address of whoever has sent a request: the last one of X-Forwarded-For that is none of these proxies, since each
   * adds the one that it has got the request from, and what stands before may have been made up by the sender.
   * @param peer - where the connection comes from
   * @param forwardedFor - the header, empty when it was not sent
   */
  senderOf(peer: string, forwardedFor: string): string {
    let sender = peer;
    for (const hop of forwardedFor.split(',').reverse()) {
      if (!this.#has(sender)) return sender;
      const address = addressIn(hop);
      if (address === null) return sender;
      sender = address;
    }
    return sender;
  }

  #has(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#list.check(address, version === 6 ? 'ipv6' : 'ipv4');
  }
}

/** An address as proxies write it, some with a port; null: it is none. */
function addressIn(hop: string): string | null {
  const text = hop.trim().replace(/^"(.*)"$/, '$1');
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}
