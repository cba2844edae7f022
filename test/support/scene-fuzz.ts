import { z } from 'zod';
import { LAYER_EXAMPLES } from '../../src/api/operations/layer-examples.js';
import { OpenApiFuzz, type JsonObject } from './openapi-fuzz.js';
import type { RandomNumbers } from './random-numbers.js';

/** Sends a request; answers the status. */
export type SendJson = (
  method: 'POST' | 'PATCH',
  path: string,
  body: JsonObject,
) => Promise<{ readonly status: number }>;

/** The scene that is changed, and the one that it shows as a layer. */
export const FUZZ_SCENE = 'fuzz';
const INNER_SCENE = 'break';

/** Fields that would make a layer another one. */
const IDENTITY = ['id', 'type', 'index', 'group', 'transition', 'layers'];

/** Most fields that one change has. */
const MAX_FIELDS = 4;

const LAYERS = Object.values(LAYER_EXAMPLES);
const LAYERS_JSON = z.array(z.json()).parse(LAYERS);

/** What a run of changes came to. */
export type FuzzCounts = { taken: number; refused: number; failed: number };

/**
 * Puts a scene with every kind of layer on air. The assets `lot-42`, a picture, and `confetti`, an animation, should be
 * there.
 */
export async function showFuzzScene(send: SendJson): Promise<void> {
  const scenes = [
    {
      id: INNER_SCENE,
      background: '#203040',
      layers: [{ id: 'inner', type: 'text', text: 'Back soon', fontSize: 200 }],
    },
    { id: FUZZ_SCENE, background: '#102030', layers: LAYERS_JSON },
  ];
  for (const scene of scenes) await send('POST', '/api/scenes', scene);
  await send('POST', `/api/scenes/${FUZZ_SCENE}/activate`, {});
}

/** Makes changes of the layers of that scene that fit the schemas of an OpenAPI document. */
export class SceneFuzz {
  readonly counts: FuzzCounts = { taken: 0, refused: 0, failed: 0 };
  readonly #fuzz: OpenApiFuzz;
  readonly #random: RandomNumbers;
  readonly #send: SendJson;

  constructor(document: JsonObject, random: RandomNumbers, send: SendJson) {
    const ids = LAYERS.map(({ id }) => id);
    this.#random = random;
    this.#send = send;
    this.#fuzz = new OpenApiFuzz(document, random, {
      known: {
        asset: ['lot-42'],
        image: ['lot-42'],
        scene: [INNER_SCENE],
        layer: ids,
        fallback: ids,
        fontFamily: ['Inter', 'Inter, serif', 'Noto Sans'],
        Color: ['#ffffff', '#ff000080', 'rebeccapurple', 'rgb(10 200 30 / 0.4)', 'transparent'],
        timeZone: ['UTC', 'Asia/Kathmandu', 'America/New_York'],
        Locale: ['en', 'de-DE', 'ar-EG', 'hi-IN'],
      },
    });
  }

  /** One change of one layer. */
  async change(): Promise<{ readonly layerId: string; readonly patch: JsonObject }> {
    const { id, type } = this.#random.pick(LAYERS);
    const kind = this.#fuzz.kind('NewLayer', type);
    const patch = this.#fuzz.patch(kind, this.#random.between(1, MAX_FIELDS), IDENTITY);
    const { status } = await this.#send('PATCH', `/api/scenes/${FUZZ_SCENE}/layers/${id}`, patch);
    if (status < 300) this.counts.taken += 1;
    else if (status < 500) this.counts.refused += 1;
    else this.counts.failed += 1;
    return { layerId: id, patch };
  }
}
