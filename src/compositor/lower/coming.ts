import type { Culprit } from '../../memory/culprit.js';
import type { Content } from '../../render/content.js';
import type { ComingContents } from '../../render/piece.js';
import { UnfinishedText } from '../../render/text/allowance.js';
import type { TextEngine } from '../../render/text/engine.js';

/** What a layer will show soon. */
type Coming = {
  readonly name: { readonly sceneId: string | null; readonly layerId: string };
  readonly contents: ComingContents;
};

/**
 * What of a frame is taken at the most by setting what it does not show yet. A few characters at a time: those whose font is
 * not open yet take many times as long as others, and when the time is over, the rest waits.
 */
const COMING = { characters: 1500, atOnce: 150, ms: 3 } as const;

/** Characters that may still be set. */
function leftOf(text: TextEngine): number {
  const left = text.allow(Infinity);
  text.allow(left);
  return left;
}

/**
 * Sets what layers will show soon, a part with each frame, after all that the frame shows. It is not part of any layer: what
 * fails here fails when it is shown.
 */
export class ComingWork {
  readonly #waiting: Coming[] = [];

  /** To be set after the layers of the frame. */
  add(coming: Coming): void {
    this.#waiting.push(coming);
  }

  /**
   * What is set by now, with some of the characters that the frame has left; none where there is no bound, since nothing is
   * too much for a frame there.
   */
  take(text: TextEngine, culprit: Culprit, nowMs: () => number): readonly Content[] {
    const waiting = this.#waiting.splice(0);
    const found = new Set<Content>();
    const left = leftOf(text);
    const most = Number.isFinite(left) ? Math.min(left, COMING.characters) : 0;
    const endsAtMs = nowMs() + COMING.ms;
    let spent = 0;
    for (const { name, contents } of waiting) {
      let isMore = true;
      while (isMore && spent < most && nowMs() < endsAtMs) {
        text.allow(COMING.atOnce);
        isMore = culprit.during(name, () => setSome(contents, found, text));
        spent += COMING.atOnce - leftOf(text);
      }
    }
    text.allow(left - spent);
    return [...found];
  }
}

/** Sets contents as long as there are characters left; answers whether there may be more. */
function setSome(contents: ComingContents, found: Set<Content>, text: TextEngine): boolean {
  try {
    for (const content of contents()) {
      found.add(content);
      if (leftOf(text) <= 0) return true;
    }
    return false;
  } catch (error) {
    return error instanceof UnfinishedText;
  }
}
