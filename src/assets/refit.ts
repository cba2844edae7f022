import type { Logger } from '../core/logger.js';
import type { Asset } from '../state/model.js';
import type { Applied } from '../state/port.js';
import type { Ingest } from './ingest.js';
import type { AssetRecords } from './records.js';
import { changedFamilies } from './text-fonts.js';

export type RefitOptions = {
  readonly records: AssetRecords;
  readonly ingest: Pick<Ingest, 'refit'>;
  readonly logger: Logger;
};

/** Sets the texts of drawings and animations anew when a font comes or goes that they name. */
export type Refit = {
  onChange(applied: Pick<Applied, 'before' | 'after'>): void;
  /** One asset, for a reason of its own. Never rejects. */
  refit(asset: Asset): Promise<void>;
};

export function createRefit({ records, ingest, logger }: RefitOptions): Refit {
  const refit = async (asset: Asset): Promise<void> => {
    const fitted = await ingest.refit(asset);
    if (fitted === null) return;
    try {
      await records.update(asset.id, (newest) =>
        // Replaced meanwhile: then it has been set with the fonts of that time.
        newest.contentHash === asset.contentHash ? { ...newest, ...fitted.content } : null,
      );
    } finally {
      fitted.release();
    }
  };
  const refitQuietly = async (asset: Asset): Promise<void> => {
    try {
      await refit(asset);
    } catch (error) {
      logger.warn({ asset: asset.id, err: error }, 'its texts could not be set with other fonts');
    }
  };
  return {
    refit: refitQuietly,
    onChange({ before, after }) {
      if (before.assets === after.assets) return;
      const families = changedFamilies(before.assets, after.assets);
      if (families.size === 0) return;
      for (const asset of after.assets)
        if (asset.fontFamilies.some((family) => families.has(family.toLowerCase())))
          void refitQuietly(asset);
    },
  };
}
