import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { monotonicMs } from '../core/monotonic.js';
import type { InputContent, InputReport, InputSpec } from '../ingest/contract.js';
import { createLivePictures, type LivePictures, longestWaitMs } from '../memory/live-pictures.js';
import { createLiveSound } from '../memory/live-sound.js';

/** A web page, as it is set up. */
type WebContent = {
  readonly kind: 'web';
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly transparent: boolean;
  readonly zoom: number;
  readonly css: string;
  readonly js: string;
  readonly cookies: boolean;
};

/** A live input as it is set up. */
export type LiveInput = {
  readonly id: string;
  readonly content:
    | Exclude<InputContent, { readonly kind: 'rtmp-push' | 'web' }>
    | { readonly kind: 'rtmp-push'; readonly key: string }
    | WebContent;
  readonly latencyMs: number;
  /** Whether it is decoded although nothing shows or plays it. */
  readonly isKeptOpen: boolean;
  /** Tells it from another one that had its id before. */
  readonly createdAtMs: number;
};

/** A publisher that the RTMP server lets in, and the socket where it hands over what is published. */
export type AdmittedPublisher = {
  /** Of the live input. */
  readonly id: string;
  readonly key: string;
  readonly socketPath: string;
};

/** Sizes in which pictures are decoded at the most: those of the program. */
export type InputFormat = { readonly widthPx: number; readonly heightPx: number };

export type LiveInputsTargets = {
  readonly decode: (inputs: readonly InputSpec[]) => void;
  readonly showPictures: (inputs: Readonly<Record<string, LivePictures>>) => void;
  readonly playSounds: (inputs: Readonly<Record<string, SharedArrayBuffer>>) => void;
  readonly admit: (publishers: readonly AdmittedPublisher[]) => void;
  /** What has become of an input is another than before. */
  readonly onState: (report: InputReport) => void;
};

type OpenInput = {
  readonly input: LiveInput;
  readonly format: InputFormat;
  readonly spec: InputSpec;
};

/**
 * The live inputs in the main thread: the memory of each, which are decoded, and what becomes of them. Threads that decode, show
 * and play them are told of the same memory, and may each be replaced for themselves.
 */
export class LiveInputs {
  readonly #targets: LiveInputsTargets;
  /** Where the RTMP server hands over what is published. */
  readonly #folder: string;
  #open: readonly OpenInput[] = [];
  #wanted: ReadonlySet<string> = new Set();
  readonly #reports = new Map<string, InputReport>();
  #keys = 0;

  constructor(folder: string, targets: LiveInputsTargets) {
    this.#folder = folder;
    this.#targets = targets;
  }

  /** By the ids of the inputs; those that are not decoded are not there. */
  get reports(): ReadonlyMap<string, InputReport> {
    return this.#reports;
  }

  /** All inputs that there are. @param wanted - ids of those that are shown or played */
  follow(inputs: readonly LiveInput[], wanted: ReadonlySet<string>, format: InputFormat): void {
    const before = this.#open;
    const open = inputs.map((input) => {
      const known = before.find((one) => one.input.id === input.id);
      return known !== undefined && isSame(known, input, format)
        ? { ...known, input }
        : { input, format, spec: this.#specOf(input, format) };
    });
    this.#open = open;
    this.#wanted = new Set(
      inputs.filter(({ id, isKeptOpen }) => isKeptOpen || wanted.has(id)).map(({ id }) => id),
    );
    const { showPictures, playSounds, admit, decode } = this.#targets;
    if (open.length !== before.length || open.some(({ spec }, i) => spec !== before[i]?.spec)) {
      showPictures(Object.fromEntries(open.map(({ spec }) => [spec.id, spec.pictures])));
      playSounds(Object.fromEntries(open.map(({ spec }) => [spec.id, spec.sound])));
      admit(open.flatMap(({ input }) => this.#publisherOf(input)));
    }
    for (const id of [...this.#reports.keys()]) if (!this.#wanted.has(id)) this.#idle(id);
    decode(open.filter(({ spec }) => this.#wanted.has(spec.id)).map(({ spec }) => spec));
  }

  /** Takes what the ingest thread reports. */
  onReport(report: InputReport): void {
    // What it says last of one that it is to give up may come later.
    if (!this.#wanted.has(report.id)) return;
    const before = this.#reports.get(report.id);
    this.#reports.set(report.id, report);
    if (before?.state !== report.state) this.#targets.onState(report);
  }

  #idle(id: string): void {
    const report = this.#reports.get(id);
    this.#reports.delete(id);
    if (report !== undefined && this.#open.some(({ spec }) => spec.id === id))
      this.#targets.onState({ ...report, state: 'idle', reason: null, fps: 0 });
  }

  #publisherOf({ id, content }: LiveInput): AdmittedPublisher[] {
    if (content.kind !== 'rtmp-push') return [];
    return [{ id, key: content.key, socketPath: this.#socketPath(id) }];
  }

  #socketPath(id: string): string {
    return join(this.#folder, id);
  }

  #specOf({ id, content, latencyMs }: LiveInput, { widthPx, heightPx }: InputFormat): InputSpec {
    const key = `${id} ${this.#keys++}`;
    const isPage = content.kind === 'web';
    // Pages are shown as they come.
    const wantedMs = isPage ? 0 : latencyMs;
    const largest = {
      widthPx: isPage ? Math.min(widthPx, toEven(content.width)) : widthPx,
      heightPx: isPage ? Math.min(heightPx, toEven(content.height)) : heightPx,
      // What a program or a page sends may be transparent.
      format: isPage || content.kind === 'frames' ? 'rgba' : 'i420',
    } as const;
    const pictures = createLivePictures(key, largest, wantedMs);
    return {
      id,
      key,
      content: this.#contentOf(id, content),
      latencyMs: Math.min(wantedMs, longestWaitMs(pictures)),
      maxWidthPx: largest.widthPx,
      maxHeightPx: largest.heightPx,
      pictures,
      sound: createLiveSound(monotonicMs()),
    };
  }

  #contentOf(id: string, content: LiveInput['content']): InputContent {
    if (content.kind === 'rtmp-push')
      return { kind: 'rtmp-push', socketPath: this.#socketPath(id) };
    return content.kind === 'web' ? { kind: 'web', page: toPage(content) } : content;
  }
}

function toEven(extentPx: number): number {
  return 2 * Math.round(extentPx / 2);
}

function toPage(content: WebContent): Extract<InputContent, { readonly kind: 'web' }>['page'] {
  const { url, width, height, fps, transparent, zoom, css, js, cookies } = content;
  return {
    url,
    widthPx: width,
    heightPx: height,
    fps,
    isTransparent: transparent,
    zoom,
    css,
    js,
    keepsCookies: cookies,
  };
}

/** Whether an input is decoded into the same memory as before, from the same place. */
function isSame(known: OpenInput, input: LiveInput, format: InputFormat): boolean {
  return (
    // A change of something else leaves it the same, in another object.
    isDeepStrictEqual(known.input.content, input.content) &&
    known.input.latencyMs === input.latencyMs &&
    known.input.createdAtMs === input.createdAtMs &&
    known.format.widthPx === format.widthPx &&
    known.format.heightPx === format.heightPx
  );
}
