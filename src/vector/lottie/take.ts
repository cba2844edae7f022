import { MISSING_CHARACTERS } from '../svg/errors.js';
import { isArchive, unpackLottie } from './archive.js';
import { checkLottie, LOTTIE_LIMITS, parseLottie, type CheckedLottie } from './check.js';
import { brokenLottie, tooLargeLottie } from './errors.js';
import { allLayers, allObjects, isObject, objectsIn, textOf, type JsonObject } from './json.js';
import { settlePictures, type LottieTools } from './pictures.js';
import { setTexts } from './texts.js';
import { tryLottie } from './trial.js';

/** A vector animation that has been looked at. */
export type TakenLottie = CheckedLottie & {
  /** As it is drawn: by itself, with the glyphs of its texts. */
  readonly json: string;
  /** That its texts name. */
  readonly fontFamilies: readonly string[];
  /** What of it is not drawn, for people. */
  readonly notDrawn: readonly string[];
};

const MAX_FAMILIES = 50;
const MAX_NOT_DRAWN = 20;
const MAX_MISSING_SHOWN = 20;

/** Kinds of layers that show or sound elsewhere: what to call them. */
const LOST_LAYERS: Readonly<Record<number, string>> = {
  6: 'sound',
  9: 'video',
  15: 'data layers',
};

/** @throws AppError SM_ASSET_TOO_LARGE when there is more text than anybody reads */
function checkTexts(layers: readonly JsonObject[]): void {
  let characters = 0;
  for (const { t: text } of layers) {
    const keyframes = isObject(text) && isObject(text['d']) ? objectsIn(text['d']['k']) : [];
    for (const { s: document } of keyframes)
      characters += isObject(document) ? (textOf(document['t'])?.length ?? 0) : 0;
  }
  if (characters > LOTTIE_LIMITS.characters) {
    throw tooLargeLottie(
      `${characters} characters of text; the limit is ${LOTTIE_LIMITS.characters}`,
    );
  }
}

function lossesOf(animation: JsonObject): string[] {
  const losses = new Set<string>();
  for (const layer of allLayers(animation)) {
    const lost = typeof layer['ty'] === 'number' ? LOST_LAYERS[layer['ty']] : undefined;
    if (lost !== undefined) losses.add(lost);
  }
  for (const object of allObjects(animation)) {
    // An expression stands beside the value that it is used instead of.
    if (typeof object['x'] === 'string' && 'k' in object)
      losses.add('expressions: their stored values are shown');
    if (typeof object['sid'] === 'string') losses.add('slots: their values in the file are shown');
  }
  return [...losses];
}

/**
 * Looks at a vector animation, JSON or a .lottie archive; brings its pictures and glyphs in; and draws some frames.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE, SM_ASSET_TOO_COMPLEX, SM_ASSET_FORMAT
 */
export async function takeLottie(bytes: Uint8Array, tools: LottieTools): Promise<TakenLottie> {
  const unpacked = isArchive(bytes) ? unpackLottie(bytes) : null;
  const animation = unpacked === null ? parseLottie(bytes) : unpacked.animation;
  const checked = checkLottie(animation);
  if (!isObject(animation)) throw brokenLottie('it is not a JSON object');
  checkTexts(allLayers(animation));
  const notDrawn = new Set([...(unpacked?.notDrawn ?? []), ...lossesOf(animation)]);
  await settlePictures(animation, tools, notDrawn);
  const hasText = allLayers(animation).some(({ ty }) => ty === 5);
  let fontFamilies: readonly string[] = [];
  if (hasText) {
    const set = await setTexts(animation, tools.fonts, tools.encodePng);
    fontFamilies = set.fontFamilies;
    if (set.missing.length > 0)
      notDrawn.add(`${MISSING_CHARACTERS}: ${set.missing.slice(0, MAX_MISSING_SHOWN).join(' ')}`);
  }
  const json = JSON.stringify(animation);
  tryLottie(json, checked);
  return {
    ...checked,
    json,
    fontFamilies: fontFamilies.slice(0, MAX_FAMILIES),
    notDrawn: [...notDrawn].slice(0, MAX_NOT_DRAWN),
  };
}
