/** Where the samples of a track come from. */
export type TrackInput =
  | {
      readonly kind: 'path';
      readonly path: string;
      /** Of the whole file at 48 kHz, when it has been counted. */
      readonly samples: number | null;
    }
  | { readonly kind: 'url'; readonly url: string }
  /** There is nothing to be decoded: the track fails, and is over at once. `reason` is for people. */
  | { readonly kind: 'missing'; readonly reason: string };

/** Tells inputs from each other. */
export function whereOf(input: TrackInput): string {
  switch (input.kind) {
    case 'path':
      return input.path;
    case 'url':
      return input.url;
    case 'missing':
      return input.kind;
  }
}
