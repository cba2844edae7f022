/** Something that serves one stream of pictures over WebSocket to everybody who connects. */
export interface PictureServer {
  readonly port: number;
  readonly path: string;
  /** Sends a picture to every viewer that is not behind. */
  readonly send: (jpeg: Uint8Array) => void;
  readonly close: () => Promise<void>;
}
