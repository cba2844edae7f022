import type { LayerOf, LayerType } from './schema/layer.js';
import type { Slot } from './schema/layout.js';

/** What a schema says about numbers: of one, of those in an object, a list or a union; null: nothing. */
export type Outline = NumberOutline | ObjectOutline | ListOutline | UnionOutline | null;

/** The least and the most that a number may be; null: any. */
export type NumberOutline = {
  readonly kind: 'number';
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly isWhole: boolean;
};

export type ObjectOutline = {
  readonly kind: 'object';
  /** Values of its field `type`; null: it has none. */
  readonly types: readonly string[] | null;
  readonly fields: Readonly<Record<string, Outline>>;
};

export type ListOutline = { readonly kind: 'list'; readonly element: Outline };
export type UnionOutline = { readonly kind: 'union'; readonly options: readonly Outline[] };

/**
 * What is needed of the schemas in threads that do not have them: schemas take 15 MB of a thread. The build makes the
 * module of the schemas, with `schema/write-facts.ts`.
 */
export type SchemaFacts = {
  readonly layers: Readonly<Record<LayerType, ObjectOutline>>;
  /** Layers that have nothing but defaults. */
  readonly image: LayerOf<'image'>;
  readonly lottie: LayerOf<'lottie'>;
  /** Of a layer that says nothing about its place in a layout. */
  readonly slot: Slot;
};

export const SCHEMA_FACTS: SchemaFacts;
