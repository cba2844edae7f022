import type { ViewContext } from '../../src/render/piece.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import type { Heard, StripSound } from '../../src/scene/sound/heard.js';

const text = createTextEngine();

/** Every strip as loud as that, in dBFS, with peaks that were a little higher. */
export function hearing(db: number, heldDb = db, bands: readonly number[] = []): Heard {
  const toAmplitude = (decibels: number): number => 10 ** (decibels / 20);
  const [level, held] = [toAmplitude(db), toAmplitude(heldDb)];
  const strip: StripSound = {
    peak: [level, level / 2],
    held: [held, held / 2],
    rms: [level, level / 2],
    level: Math.min(1, Math.max(0, 1 + db / 60)),
    isSpeaking: db > -45,
  };
  return { strip: () => strip, spectrum: () => bands.map(toAmplitude) };
}

/** What a view is given, at a scale of 1. @param appearance - the same for the same layer */
export function contextWith(heard: Heard, appearance: object): ViewContext {
  const nothing = (): null => null;
  return {
    sceneTimeMs: 0,
    wallOffsetMs: 0,
    programTimeMs: 0,
    heard,
    scale: 1,
    text,
    appearance,
    isBetweenPixels: false,
    picture: nothing,
    pictureOffset: nothing,
    videoFrame: () => null,
    livePicture: () => null,
    takenAtMs: 0,
  };
}
