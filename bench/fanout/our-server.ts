import type { PreviewService } from '../../src/api/ports.js';
import type { PreviewTier } from '../../src/preview/contract.js';
import { openControlPlane } from '../control-plane.js';
import type { PictureServer } from './picture-server.js';

/** A preview whose pictures come from outside. */
class PushedPreview implements PreviewService {
  readonly #listeners = new Set<(tier: PreviewTier, jpeg: Uint8Array) => void>();
  #tiers: readonly PreviewTier[] = [];

  grab(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array());
  }

  setTiers(tiers: readonly PreviewTier[]): void {
    this.#tiers = tiers;
  }

  setWatchers(): void {
    // There is no program that would have to run.
  }

  onPicture(listener: (tier: PreviewTier, jpeg: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  push(jpeg: Uint8Array): void {
    for (const tier of this.#tiers) for (const listener of this.#listeners) listener(tier, jpeg);
  }
}

/** The service's preview path: the whole API, hub, tiers, slow-viewer handling and all. */
export async function openOurServer(folder: string): Promise<PictureServer> {
  const preview = new PushedPreview();
  const plane = await openControlPlane(folder, preview);
  const [port] = plane.server.ports;
  if (port === undefined) throw new Error('It listens on no port.');
  return {
    port,
    path: '/ws/preview?width=640&fps=60&quality=75',
    send: (jpeg) => {
      preview.push(jpeg);
    },
    close: () => plane.close(),
  };
}
