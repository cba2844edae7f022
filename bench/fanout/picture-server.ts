/** Something that serves one stream of pictures over WebSocket to everybody who connects. */
export interface PictureServer {
  readonly port: number;
  readonly path: string;
  /** Sends a picture to every viewer that is not behind. */
  send(jpeg: Uint8Array): void;
  close(): Promise<void>;
}

/** What may wait for one viewer before pictures are left out for it; the same for every server. */
export const VIEWER_BACKLOG_BYTES = 1024 * 1024;
