/** What the ingest thread and the process of the browser say to each other. */

/** A page that is shown. */
export type PageSpec = {
  readonly url: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pictures a second at the most. */
  readonly fps: number;
  /** Whether what the page leaves free is transparent; else it is white. */
  readonly isTransparent: boolean;
  /** How much larger everything on it is than in a browser. */
  readonly zoom: number;
  /** Added to the page, and run before its own scripts; empty: nothing. */
  readonly css: string;
  readonly js: string;
  /** Whether cookies and what pages store outlive a reload. */
  readonly keepsCookies: boolean;
  /** Its pictures are scaled down to this at the most. */
  readonly maxWidthPx: number;
  readonly maxHeightPx: number;
};

/** Once, before anything else. */
export type BrowserInit = {
  readonly type: 'init';
  /** Null: Chromium is looked for on the PATH. */
  readonly chromiumPath: string | null;
  /** Hosts, as `name` or `name:port`, that may be private. */
  readonly allowPrivateHosts: readonly string[];
  /** Addresses below this one may be private; null: there is none. */
  readonly cdnBaseUrl: string | null;
  /** Ports of the service itself, which no page may reach on this machine. */
  readonly ownPorts: readonly number[];
};

export type ToBrowser =
  | BrowserInit
  /** `path` is a file for its pixels, which is there. */
  | {
      readonly type: 'open';
      readonly pageId: number;
      readonly path: string;
      readonly spec: PageSpec;
    }
  | { readonly type: 'close'; readonly pageId: number }
  /** For the scripts of the page. */
  | { readonly type: 'message'; readonly pageId: number; readonly message: unknown }
  /** The pixels of the last frame have been read. */
  | { readonly type: 'taken'; readonly pageId: number };

export type FromBrowser =
  /** The file of the page holds pixels R G B A, not premultiplied, both sides even. */
  | {
      readonly type: 'frame';
      readonly pageId: number;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly hasAlpha: boolean;
    }
  /** The page is loaded. */
  | { readonly type: 'loaded'; readonly pageId: number }
  /** It shows nothing any more, and has to be opened again. `isRefused`: it may not be read. `reason` is for people. */
  | {
      readonly type: 'failed';
      readonly pageId: number;
      readonly reason: string;
      readonly isRefused: boolean;
    }
  /** What a script of the page has said. */
  | { readonly type: 'message'; readonly pageId: number; readonly message: unknown };
