import type { ClipContent, SoundContent } from './content.js';
import type { Sound } from './schema.js';

/** What the sound refers to. */

/** Ids of the assets that a content plays. */
export function assetsOfContent(content: SoundContent | ClipContent): string[] {
  if (content.kind === 'file') return [content.asset];
  if (content.kind !== 'playlist') return [];
  return content.entries.flatMap((entry) => (entry.kind === 'file' ? [entry.asset] : []));
}

/** Ids of all assets that are heard or may be. */
export function assetsOfSound({ sources, clips }: Sound): string[] {
  return [...sources, ...clips].flatMap(({ content }) => assetsOfContent(content));
}

/** What plays an asset, for people; null: nothing does. */
export function soundThatPlays({ sources, clips }: Sound, assetId: string): string | null {
  const plays = ({ content }: { readonly content: SoundContent | ClipContent }): boolean =>
    assetsOfContent(content).includes(assetId);
  const source = sources.find(plays);
  if (source !== undefined) return `audio source ${source.id}`;
  const clip = clips.find(plays);
  return clip === undefined ? null : `audio clip ${clip.id}`;
}
