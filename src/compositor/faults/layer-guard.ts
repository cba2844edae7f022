import type { Item } from '../items/item.js';
import type { LayerStep } from '../lower/draw-list.js';
import type { NamedLayer } from './named-layer.js';
import type { KnownSize } from '../lower/views.js';
import { toItems } from '../realise/realise.js';
import type { LayerGuardOptions, Turn } from './guard-options.js';
import { Breaker, type BreakerState } from './breaker.js';
import {
  bitmapsOf,
  createEntry,
  entryKeyOf,
  faultOf,
  isWell,
  type KeptItems,
  type LayerEntry,
  type LayerFault,
} from './layer-entry.js';
import { ItemRoom } from './frame-room.js';
import { settle } from './settle.js';
import { createVisit, type Visit } from './visit.js';

/** A picture that is missing for so long is reported: most are on their way, milliseconds. */
const PICTURE_GRACE_MS = 2000;
const PICTURE_MISSING =
  'The picture of the layer is not available: it is still loading, or loading has failed.';

/** Frames after which what was not drawn is forgotten. */
const FORGET_TURNS = 600;

/** Laying out that takes less than this part of the limit found all in the cache, and says nothing. */
const TELLING_PART = 0.1;

const NOTHING: Turn = { programTimeMs: 0, revision: 0, hold: () => undefined, owner: null };

/**
 * What is known of layers from frame to frame, and what is seen of each: one that fails or is too slow is shut off for a
 * while and replaced as its policy says, and one that is being painted shows what it showed last. In the compositor
 * thread. Lowering reads of it what frames before have shown; it changes while a draw list is realised.
 */
export class LayerGuard {
  readonly #options: LayerGuardOptions;
  readonly #entries = new Map<string, LayerEntry>();
  readonly #visits: Visit[] = [];
  readonly #room = new ItemRoom();
  #turn: Turn = NOTHING;
  #turnNumber = 0;
  #shownRevision = 0;
  #failures = 0;
  /** Whether layers failed for which nothing was lowered that stands in for them. */
  #lacksStandIns = false;

  constructor(options: LayerGuardOptions) {
    this.#options = options;
  }

  /** How often a layer was shut off, or lacked a picture. */
  get failures(): number {
    return this.#failures;
  }

  /** Layers of the frame before that are off, or lack a picture. */
  get off(): readonly LayerFault[] {
    return [...this.#entries.values()]
      .filter(({ trouble, turn }) => trouble !== null && turn === this.#turnNumber)
      .map((entry) => faultOf(entry));
  }

  /** Begins a frame: what layers waited for may be there by now. */
  begin(turn: Turn): void {
    this.#turn = turn;
    this.#turnNumber += 1;
    this.beginAgain();
    for (const entry of this.#entries.values()) settle(entry, this.#options.bitmaps, turn.hold);
  }

  /** Whether layers failed for which nothing was lowered that stands in for them: the frame is to be begun again. */
  get lacksStandIns(): boolean {
    return this.#lacksStandIns;
  }

  /** Begins the same frame again. */
  beginAgain(): void {
    this.#room.begin();
    this.#shownRevision = this.#turn.revision;
    this.#visits.length = 0;
    this.#lacksStandIns = false;
  }

  /** Ends it; answers the newest revision of which all is to be seen, up to layers that change for ever. */
  end(): number {
    for (const entry of this.#entries.values())
      if (this.#turnNumber - entry.turn > FORGET_TURNS) this.#forget(entry);
    return this.#shownRevision;
  }

  /** Whether a layer is off, or on trial, with its document as it is. */
  stateOf(layer: NamedLayer): BreakerState {
    const entry = this.#find(layer);
    if (entry?.document !== layer.compiled.layer) return 'closed';
    if (!this.#options.isLive) return entry.failedTurn === this.#turnNumber ? 'open' : 'closed';
    return entry.lostPaint === null ? entry.breaker.state(this.#turn.programTimeMs) : 'open';
  }

  /**
   * How large a layer was last; null: that is not known. What was of another type under its id says nothing, and where
   * every frame stands for itself, so do other frames.
   */
  sizeOf(layer: NamedLayer): KnownSize | null {
    const entry = this.#find(layer);
    if (entry?.document.type !== layer.compiled.layer.type) return null;
    return this.#options.isLive || entry.sizeTurn === this.#turnNumber ? entry.size : null;
  }

  /** Whether a layer that changed in nothing can show what it showed last: all is well with it, and all of that is there. */
  canRepeat({ key, items, bitmaps }: KeptItems): boolean {
    const entry = this.#entries.get(key);
    if (entry?.shown !== items || !isWell(entry)) return false;
    return bitmaps.every((bitmap) => this.#options.bitmaps.isKept(bitmap));
  }

  /** What is seen of a layer. */
  layer(step: LayerStep): readonly Item[] {
    const { result } = step;
    if (result.kind === 'left-out') {
      this.#fail(this.#entryOf(step), result.reason);
      return [];
    }
    const isOutermost = this.#visits.length === 0;
    // What is shown again has its entry: looking it up by its parts takes longer than all else.
    const known = result.kind === 'kept' ? this.#entries.get(result.kept.key) : undefined;
    const entry = known ?? this.#entryOf(step);
    entry.turn = this.#turnNumber;
    const items = result.kind === 'kept' ? result.kept.items : this.#seen(step, entry);
    const surplus = isOutermost ? this.#room.take(items.length) : null;
    if (surplus === null) return items;
    this.#fail(entry, surplus);
    return [];
  }

  /** Holds for the frame what a layer shows again. */
  hold({ bitmaps }: KeptItems): void {
    for (const bitmap of bitmaps) {
      this.#options.bitmaps.touch(bitmap);
      this.#turn.hold(bitmap);
    }
  }

  #seen(step: LayerStep, entry: LayerEntry): readonly Item[] {
    const { result, isOnTrial } = step;
    if (step.size !== null) {
      entry.size = step.size;
      entry.sizeTurn = this.#turnNumber;
    }
    if (this.#hasLostPaint(entry) || result.kind === 'off') return this.#standIn(step, entry);
    if (result.kind === 'cut') return this.#cutOff(step, entry, result.reason);
    const visit = createVisit(entry, isOnTrial, isOnTrial && !entry.isTrying);
    entry.isTrying = isOnTrial;
    const items = this.#realised(step, visit);
    if (step.ownMs > entry.document.timeLimitMs * TELLING_PART)
      this.#time(entry, step.ownMs, 'Laying out the layer');
    if (visit.failure !== null) {
      this.#fail(entry, visit.failure);
      return this.#standIn(step, entry);
    }
    if (visit.isPending) return this.#wait(step, entry, visit, items);
    if (step.lacksPicture && this.#lacks(step, entry)) return this.#standIn(step, entry);
    // It may have been too slow even now.
    const isThrough = isOnTrial && entry.breaker.state(this.#turn.programTimeMs) === 'half-open';
    if (isThrough) entry.breaker.close(this.#turn.programTimeMs);
    if (!step.lacksPicture && entry.breaker.retryAtMs === null) this.#recover(entry);
    entry.shownDocument = entry.document;
    if (visit.isUnproven) entry.unproven = items;
    else entry.shown = items;
    return items;
  }

  /** Something that the layer waited for could not be painted: it has failed, unless it is another by now. */
  #hasLostPaint(entry: LayerEntry): boolean {
    const { lostPaint } = entry;
    entry.lostPaint = null;
    if (lostPaint === null) return false;
    this.#fail(entry, lostPaint);
    return true;
  }

  #realised({ result }: LayerStep, visit: Visit): Item[] {
    if (result.kind === 'failed') {
      visit.failure = result.reason;
      return [];
    }
    const depth = this.#visits.push(visit) - 1;
    if (result.kind === 'unfinished') this.pending(false);
    const { owner } = this.#turn;
    const items = result.kind === 'drawn' && owner !== null ? toItems(result.steps, owner) : [];
    this.#visits.length = depth;
    return items;
  }

  /** Key of the layer that is being drawn. */
  get owner(): string | null {
    return this.#visits.at(-1)?.entry?.key ?? null;
  }

  /** Whether the layer's contents are to be painted in the background, however little they cost. */
  get isSuspicious(): boolean {
    const visit = this.#visits.at(-1);
    return visit !== undefined && (visit.isTrial || visit.entry?.isSuspect === true);
  }

  /** Whether the layer waits already: what else it wants is not ordered before that is there. */
  get isWaiting(): boolean {
    return this.#visits.at(-1)?.entry?.next != null;
  }

  /** Whether a layer inside of the one being drawn is not yet as it should be. */
  get isPendingBelow(): boolean {
    return this.#visits.at(-1)?.isPendingBelow === true;
  }

  /** Whether what could not be painted is to be tried once more. */
  get isFirstTry(): boolean {
    return this.#visits.at(-1)?.isFirstTry === true;
  }

  /** Something of the layer is not painted yet; `isOrdered`: but will be. */
  pending(isOrdered: boolean): void {
    const visit = this.#visits.at(-1);
    if (visit === undefined) return;
    visit.isPending = true;
    visit.isIncomplete ||= !isOrdered;
  }

  /** Something of the layer is painted in a frame that is on its way. */
  unproven(): void {
    const visit = this.#visits.at(-1);
    if (visit !== undefined) visit.isUnproven = true;
  }

  /** Something of the layer could not be painted. */
  failed(reason: string): void {
    const visit = this.#visits.at(-1);
    if (visit !== undefined) visit.failure ??= reason;
  }

  /** A paint has ended, which took so many milliseconds. */
  painted(owner: string | null, tookMs: number): void {
    const entry = owner === null ? undefined : this.#entries.get(owner);
    if (entry !== undefined) this.#time(entry, tookMs, 'Painting the layer');
  }

  /** A thread died while it painted something of the layer, perhaps of it. */
  suspect(owner: string | null): void {
    const entry = owner === null ? undefined : this.#entries.get(owner);
    if (entry !== undefined) entry.isSuspect = true;
  }

  /** A layer for which there is no time shows what it showed last; if that is so again and again, it has failed. */
  #cutOff(step: LayerStep, entry: LayerEntry, reason: string | null): readonly Item[] {
    const outer = this.#visits.at(-1);
    if (outer !== undefined) outer.isPendingBelow = true;
    if (reason === null) {
      this.#isBehind(entry);
      return this.#held(entry);
    }
    this.#fail(entry, reason);
    return this.#standIn(step, entry);
  }

  #time(entry: LayerEntry, tookMs: number, what: string): void {
    if (!this.#options.isLive) return;
    const { timeLimitMs } = entry.document;
    if (!entry.breaker.observe(tookMs > timeLimitMs, this.#turn.programTimeMs)) return;
    entry.isTrying = false;
    this.#announce(
      entry,
      `${what} took ${Math.round(tookMs)} ms and repeatedly exceeded its timeLimitMs of ${timeLimitMs} ms.`,
    );
  }

  /** A layer of which something is being painted. */
  #wait(step: LayerStep, entry: LayerEntry, visit: Visit, items: readonly Item[]): readonly Item[] {
    const outer = this.#visits.at(-1);
    if (outer !== undefined) outer.isPendingBelow = true;
    if (!visit.isIncomplete && entry.next === null) {
      const bitmaps = bitmapsOf(items);
      for (const bitmap of bitmaps) bitmap.uses += 1;
      entry.next = { document: entry.document, items, bitmaps };
    }
    this.#isBehind(entry);
    return visit.isTrial ? this.#standIn(step, entry) : this.#held(entry);
  }

  /** What it shows is not yet what its document says. */
  #isBehind(entry: LayerEntry): void {
    if (entry.shownDocument !== entry.document)
      this.#shownRevision = Math.min(this.#shownRevision, entry.documentRevision - 1);
  }

  /** What a layer showed last, as long as it is still there. */
  #held(entry: LayerEntry): Item[] {
    const { bitmaps } = this.#options;
    const shown = bitmapsOf(entry.shown);
    if (!shown.every((bitmap) => bitmaps.isKept(bitmap))) entry.shown = [];
    else for (const bitmap of shown) this.#turn.hold(bitmap);
    return [...entry.shown];
  }

  /** What is seen in place of a layer that is off: what stands ready, or is lowered for it in the same frame. */
  #standIn(step: LayerStep, entry: LayerEntry): readonly Item[] {
    const { onError } = entry.document;
    if (onError === 'hide' || !step.isSeen) return [];
    if (onError === 'hold') return this.#options.isLive ? this.#held(entry) : [];
    if (step.standIn === null) {
      this.#lacksStandIns = true;
      return [];
    }
    const visit = createVisit(null);
    const depth = this.#visits.push(visit) - 1;
    const { owner } = this.#turn;
    const items = owner === null ? [] : toItems(step.standIn, owner);
    this.#visits.length = depth;
    const outer = this.#visits.at(-1);
    if (outer !== undefined && visit.isPendingBelow) outer.isPendingBelow = true;
    return visit.isPending || visit.failure !== null ? [] : items;
  }

  /** Whether something else is to be shown than that a picture is missing; reported when it stays away. */
  #lacks(step: LayerStep, entry: LayerEntry): boolean {
    const { programTimeMs } = this.#turn;
    entry.missingSinceMs ??= programTimeMs;
    const isLong = programTimeMs - entry.missingSinceMs >= PICTURE_GRACE_MS;
    if (this.#options.isLive && isLong && entry.trouble !== PICTURE_MISSING && step.isSeen)
      this.#announce(entry, PICTURE_MISSING);
    return entry.document.onError !== 'placeholder';
  }

  #fail(entry: LayerEntry, reason: string): void {
    entry.failedTurn = this.#turnNumber;
    if (this.#options.isLive) entry.breaker.trip(this.#turn.programTimeMs);
    entry.isTrying = false;
    this.#announce(entry, reason);
  }

  /** Once for each time that it goes off, however often trials fail meanwhile. */
  #announce(entry: LayerEntry, reason: string): void {
    const isNews = entry.trouble === null;
    entry.trouble = reason;
    if (!isNews) return;
    entry.isAnnounced = true;
    this.#failures += 1;
    this.#options.onFailed(faultOf(entry));
  }

  #recover(entry: LayerEntry): void {
    entry.missingSinceMs = null;
    if (entry.isAnnounced) this.#options.onRecovered(faultOf(entry));
    entry.trouble = null;
    entry.isAnnounced = false;
  }

  #find(layer: NamedLayer): LayerEntry | null {
    const key = entryKeyOf(layer);
    return this.#entries.get(key) ?? this.#behind(layer, key);
  }

  #entryOf(layer: NamedLayer): LayerEntry {
    const { sceneId, compiled } = layer;
    const key = entryKeyOf(layer);
    const document = compiled.layer;
    const { revision } = this.#turn;
    const entry = this.#find(layer) ?? createEntry(key, sceneId, document, revision);
    this.#entries.set(key, entry);
    entry.turn = this.#turnNumber;
    if (entry.document === document) return entry;
    if (entry.document.type !== document.type) entry.size = null;
    entry.document = document;
    entry.documentRevision = revision;
    // What has been changed may have been mended: it is judged and reported anew.
    entry.breaker = new Breaker();
    entry.trouble = null;
    entry.isTrying = false;
    entry.isSuspect = false;
    entry.lostPaint = null;
    return entry;
  }

  /** What is known of a layer whose scene has gone behind another: all but where it is is as it was. */
  #behind(layer: NamedLayer, key: string): LayerEntry | null {
    const before = this.#entries.get(entryKeyOf({ ...layer, depth: layer.depth - 1 }));
    if (layer.depth === 0 || before?.document !== layer.compiled.layer) return null;
    return { ...before, key, next: null, unproven: null, lostPaint: null };
  }

  #forget(entry: LayerEntry): void {
    for (const bitmap of entry.next?.bitmaps ?? []) bitmap.uses -= 1;
    this.#entries.delete(entry.key);
  }
}
