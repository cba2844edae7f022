import { BITMAP_FAILED } from '../../memory/records.js';
import { UnfinishedText } from '../../render/text/allowance.js';
import type { Bitmap } from '../bitmaps.js';
import type { Item } from '../items/item.js';
import type { KnownSize } from '../items/views.js';
import type { GuardedLayer, LayerGuardOptions, NamedLayer, Turn } from './guarded-layer.js';
import { Breaker } from './breaker.js';
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
import { FrameRoom } from './frame-room.js';
import { createVisit, type Visit } from './visit.js';

/** A picture that is missing for so long is reported: most are on their way, milliseconds. */
const PICTURE_GRACE_MS = 2000;
const PICTURE_MISSING =
  'The picture of the layer is not available: it is still loading, or loading has failed.';

/** Frames after which what was not drawn is forgotten. */
const FORGET_TURNS = 600;

/** Laying out that takes less than this part of the limit found all in the cache, and says nothing. */
const TELLING_PART = 0.1;

const NOTHING: Turn = { programTimeMs: 0, revision: 0, hold: () => undefined };

/**
 * Stands between the layers and the frame: a layer that fails or is too slow is shut off for a while and replaced as
 * its policy says, and one that is being painted shows what it showed last.
 */
export class LayerGuard {
  readonly #options: LayerGuardOptions;
  readonly #entries = new Map<string, LayerEntry>();
  readonly #visits: Visit[] = [];
  readonly #room: FrameRoom;
  #turn: Turn = NOTHING;
  #turnNumber = 0;
  #shownRevision = 0;
  #failures = 0;

  constructor(options: LayerGuardOptions) {
    this.#options = options;
    this.#room = new FrameRoom(options.isLive, options.clocks);
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

  /** Begins a frame. */
  begin(turn: Turn): void {
    this.#turn = turn;
    this.#turnNumber += 1;
    this.#room.begin();
    this.#shownRevision = turn.revision;
    this.#visits.length = 0;
  }

  /** Ends it; answers the newest revision of which all is to be seen, up to layers that change for ever. */
  end(): number {
    for (const entry of this.#entries.values())
      if (this.#turnNumber - entry.turn > FORGET_TURNS) this.#forget(entry);
    return this.#shownRevision;
  }

  /** The layer that is being drawn is this large. */
  measured(size: KnownSize): void {
    const visit = this.#visits.at(-1);
    // Its mask is measured after it.
    if (visit?.entry == null || visit.isMeasured) return;
    visit.entry.size = size;
    visit.isMeasured = true;
  }

  /** Whether a layer that changed in nothing shows what it showed last: all is well with it, and all of that is there. */
  again({ key, items, bitmaps }: KeptItems): boolean {
    const entry = this.#entries.get(key);
    if (entry?.shown !== items || !isWell(entry)) return false;
    if (this.#visits.length === 0 && this.#room.takeItems(items.length) !== null) return false;
    const { bitmaps: store } = this.#options;
    for (const bitmap of bitmaps) if (!store.isKept(bitmap)) return false;
    for (const bitmap of bitmaps) {
      store.touch(bitmap);
      this.#turn.hold(bitmap);
    }
    entry.turn = this.#turnNumber;
    return true;
  }

  /** What a layer draws, or what is seen in place of it. */
  guarded(layer: GuardedLayer): Item[] {
    const excess = this.#room.takeLayer();
    // Not even what stands in for it is drawn: there may be millions of them.
    if (excess !== null) return this.#leaveOut(layer, excess);
    const isOutermost = this.#visits.length === 0;
    const entry = this.#entryOf(layer);
    const items = this.#drawn(layer, entry);
    const surplus = isOutermost ? this.#room.takeItems(items.length) : null;
    if (surplus === null) return items;
    this.#fail(entry, surplus);
    return [];
  }

  #drawn(layer: GuardedLayer, entry: LayerEntry): Item[] {
    this.#settle(entry);
    const state = this.#options.isLive ? entry.breaker.state(this.#turn.programTimeMs) : 'closed';
    if (state === 'open') return this.#standIn(layer, entry);
    if (this.#room.isOver) return this.#cutOff(layer, entry);
    const isTrial = state === 'half-open';
    const visit = createVisit(entry, isTrial, isTrial && !entry.isTrying);
    entry.isTrying = isTrial;
    const items = this.#draw(layer, visit, entry);
    if (visit.failure !== null) {
      this.#fail(entry, visit.failure);
      return this.#standIn(layer, entry);
    }
    if (visit.isPending) return this.#wait(layer, entry, visit, items);
    if (visit.isPictureMissing && this.#lacks(layer, entry)) return this.#standIn(layer, entry);
    // It may have been too slow even now.
    const isThrough = isTrial && entry.breaker.state(this.#turn.programTimeMs) === 'half-open';
    if (isThrough) entry.breaker.close(this.#turn.programTimeMs);
    if (!visit.isPictureMissing && entry.breaker.retryAtMs === null) this.#recover(entry);
    entry.shownDocument = entry.document;
    if (visit.isUnproven) entry.unproven = items;
    else entry.shown = items;
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

  /** The layer shows that it lacks its picture. */
  lacksPicture(): void {
    const visit = this.#visits.at(-1);
    if (visit !== undefined) visit.isPictureMissing = true;
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

  /** A layer for which there is no room fails with the one that it is in, or else by itself. */
  #leaveOut(layer: GuardedLayer, reason: string): Item[] {
    if (this.#visits.length > 0) this.failed(reason);
    else this.#fail(this.#entryOf(layer), reason);
    return [];
  }

  /** A layer for which there is no time shows what it showed last; if that is so again and again, it has failed. */
  #cutOff(layer: GuardedLayer, entry: LayerEntry): Item[] {
    const outer = this.#visits.at(-1);
    if (outer !== undefined) outer.isPendingBelow = true;
    if (!this.#room.isOftenOver) {
      this.#isBehind(entry);
      return this.#held(entry);
    }
    this.#fail(entry, this.#room.overtimeReason);
    return this.#standIn(layer, entry);
  }

  #draw(layer: GuardedLayer, visit: Visit, entry: LayerEntry): Item[] {
    if (layer.refusal !== null) {
      visit.failure = layer.refusal;
      return [];
    }
    const depth = this.#visits.length;
    const startedAtMs = this.#options.clocks.monotonicMs();
    this.#visits.push(visit);
    try {
      const name = { sceneId: layer.sceneId, layerId: layer.compiled.layer.id };
      return this.#options.culprit.during(name, layer.draw);
    } catch (error) {
      if (error instanceof UnfinishedText) this.pending(false);
      else visit.failure = error instanceof Error ? error.message : String(error);
      return [];
    } finally {
      this.#visits.length = depth;
      const tookMs = this.#options.clocks.monotonicMs() - startedAtMs;
      const outer = this.#visits.at(-1);
      if (outer !== undefined) outer.innerMs += tookMs;
      const ownMs = tookMs - visit.innerMs;
      if (ownMs > entry.document.timeLimitMs * TELLING_PART)
        this.#time(entry, ownMs, 'Laying out the layer');
    }
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
  #wait(layer: GuardedLayer, entry: LayerEntry, visit: Visit, items: readonly Item[]): Item[] {
    const outer = this.#visits.at(-1);
    if (outer !== undefined) outer.isPendingBelow = true;
    if (!visit.isIncomplete && entry.next === null) {
      const bitmaps = bitmapsOf(items);
      for (const bitmap of bitmaps) bitmap.uses += 1;
      entry.next = { document: entry.document, items, bitmaps };
    }
    this.#isBehind(entry);
    return visit.isTrial ? this.#standIn(layer, entry) : this.#held(entry);
  }

  /** What it shows is not yet what its document says. */
  #isBehind(entry: LayerEntry): void {
    if (entry.shownDocument !== entry.document)
      this.#shownRevision = Math.min(this.#shownRevision, entry.documentRevision - 1);
  }

  /** What a layer waited for may be there by now. */
  #settle(entry: LayerEntry): void {
    const { bitmaps } = this.#options;
    const { next, unproven } = entry;
    const isThere = (bitmap: Bitmap): boolean => bitmaps.isPainted(bitmap);
    if (unproven !== null && bitmapsOf(unproven).every(isThere)) entry.shown = unproven;
    entry.unproven = null;
    if (next === null) return;
    const failed = next.bitmaps.find((bitmap) => bitmaps.stateOf(bitmap) === BITMAP_FAILED);
    if (failed === undefined && !next.bitmaps.every(isThere)) return;
    entry.next = null;
    if (failed === undefined) {
      entry.shown = next.items;
      entry.shownDocument = next.document;
      for (const bitmap of next.bitmaps) this.#turn.hold(bitmap);
    }
    for (const bitmap of next.bitmaps) bitmap.uses -= 1;
    if (failed !== undefined && next.document === entry.document)
      this.#fail(entry, failed.failure ?? 'The layer could not be painted.');
  }

  /** What a layer showed last, as long as it is still there. */
  #held(entry: LayerEntry): Item[] {
    const { bitmaps } = this.#options;
    const shown = bitmapsOf(entry.shown);
    if (!shown.every((bitmap) => bitmaps.isKept(bitmap))) entry.shown = [];
    else for (const bitmap of shown) this.#turn.hold(bitmap);
    return [...entry.shown];
  }

  /** What is seen in place of a layer that is off. It costs no more than looking it up, and must not fail itself. */
  #standIn(layer: GuardedLayer, entry: LayerEntry): Item[] {
    const { onError } = entry.document;
    const visit = createVisit(null);
    const depth = this.#visits.push(visit) - 1;
    try {
      if (onError === 'hide' || !layer.isSeen()) return [];
      if (onError === 'hold') return this.#options.isLive ? this.#held(entry) : [];
      const items =
        (onError === 'fallback' ? layer.fallback() : null) ?? layer.placeholder(entry.size);
      return visit.isPending || visit.failure !== null ? [] : items;
    } catch {
      return [];
    } finally {
      this.#visits.length = depth;
      const outer = this.#visits.at(-1);
      if (outer !== undefined && visit.isPendingBelow) outer.isPendingBelow = true;
    }
  }

  /** Whether something else is to be shown than that a picture is missing; reported when it stays away. */
  #lacks(layer: GuardedLayer, entry: LayerEntry): boolean {
    const { programTimeMs } = this.#turn;
    entry.missingSinceMs ??= programTimeMs;
    const isLong = programTimeMs - entry.missingSinceMs >= PICTURE_GRACE_MS;
    if (this.#options.isLive && isLong && entry.trouble !== PICTURE_MISSING && layer.isSeen())
      this.#announce(entry, PICTURE_MISSING);
    return entry.document.onError !== 'placeholder';
  }

  #fail(entry: LayerEntry, reason: string): void {
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

  #entryOf({ name, sceneId, compiled }: NamedLayer): LayerEntry {
    const key = entryKeyOf(sceneId, name);
    const document = compiled.layer;
    const { revision } = this.#turn;
    const entry =
      this.#entries.get(key) ??
      this.#behind({ name, sceneId, compiled }, key) ??
      createEntry(key, sceneId, document, revision);
    this.#entries.set(key, entry);
    entry.turn = this.#turnNumber;
    if (entry.document === document) return entry;
    entry.document = document;
    entry.documentRevision = revision;
    // What has been changed may have been mended: it is judged and reported anew.
    entry.breaker = new Breaker();
    entry.trouble = null;
    entry.isTrying = false;
    entry.isSuspect = false;
    return entry;
  }

  /** What is known of a layer whose scene went behind another: its name says how far, the rest is as it was. */
  #behind({ name, sceneId, compiled }: NamedLayer, key: string): LayerEntry | null {
    const before = name.startsWith('<')
      ? this.#entries.get(entryKeyOf(sceneId, name.slice(1)))
      : undefined;
    if (before?.document !== compiled.layer) return null;
    return { ...before, key, next: null, unproven: null };
  }

  #forget(entry: LayerEntry): void {
    for (const bitmap of entry.next?.bitmaps ?? []) bitmap.uses -= 1;
    this.#entries.delete(entry.key);
  }
}
