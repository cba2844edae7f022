/**
 * What the process that decodes pushed pictures is asked, and what it answers: one picture after the other. Pixels go through a file
 * that both have open and nobody else sees: its pages stay where they are, and are written again and again.
 */

export const FRAME_MEDIA_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type FrameMediaType = (typeof FRAME_MEDIA_TYPES)[number];

/** Most pixels of a picture that is sent: 8K UHD. */
export const MAX_FRAME_PIXELS = 7680 * 4320;

export type FrameRequest = {
  readonly bytes: Uint8Array;
  readonly mediaType: FrameMediaType;
  /** It is scaled down to this at the most. */
  readonly maxWidthPx: number;
  readonly maxHeightPx: number;
};

/** What has been decoded: pixels R G B A, not premultiplied, both sides even. */
export type DecodedFrame = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** False: every pixel is opaque. */
  readonly hasAlpha: boolean;
};

/** `reason` is a sentence for people. */
export type FrameAnswer =
  ({ readonly type: 'done' } & DecodedFrame) | { readonly type: 'failed'; readonly reason: string };
