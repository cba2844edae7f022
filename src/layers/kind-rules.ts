/** What is wrong with a field, by its path in the layer. */
export type FieldComplaint = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** A list of which the items go by their ids, not by their places, when a layer is on its way to another version. */
export type ItemsById<L> = {
  /** The field of the layer. */
  readonly field: string;
  /** Whether items that two versions both show are mixed. */
  differ(before: L, after: L): boolean;
  /**
   * The later version with its items as they are on the way.
   * @param progress - 0 to 1, beyond for curves that overshoot
   */
  mixed<M extends L>(before: L, after: M, progress: number): M;
};

/** What a kind of layer says about its layers. All of it is pure. */
export type LayerRules<L> = {
  /** Fields whose `{{…}}` are replaced, by their paths; `*` stands for every item of a list or record. */
  readonly textFields: readonly string[];
  /** Fields, with all that is in them, that say what a layer is and not how it is seen at a moment: they do not move. */
  readonly fixedFields: readonly string[];
  readonly itemsById: ItemsById<L> | null;
  /** What its schema cannot see field by field: how the fields of a layer fit together. */
  readonly check: (layer: L) => readonly FieldComplaint[];
  /**
   * What is refused when it is written, but read where it was stored before there was a rule.
   * @param unitPx - pixels of the program that a unit of the scene takes
   */
  readonly checkWritten: (layer: L, unitPx: number) => readonly FieldComplaint[];
  /** Ids of the assets that it shows; fonts are found by themselves. */
  readonly assets: (layer: L) => readonly string[];
  /** How many parts it is drawn in at the most, itself counted: a cell, a message or an item counts as a layer does. */
  readonly parts: (layer: L) => number;
  /** Draw items that a part takes. */
  readonly itemsPerPart: number;
  /** Whether it shows something else, or elsewhere, in every frame, without any animation. */
  readonly isMoving: boolean;
  /** Whether its pieces lie on each other, so that it fades as one. */
  readonly hasOverlaps: boolean;
  /**
   * Units that it covers at the most where its width and height do not say it; null: that cannot be known.
   * @param width - the largest that it gets; 0: it has none
   */
  readonly coveredArea: (layer: L, width: number) => number | null;
};

/** For kinds that have nothing to complain of, or no assets. */
export const none = (): readonly never[] => [];
/** For kinds that are drawn as a whole. */
export const one = (): number => 1;
/** For kinds that say nothing of the area that they cover. */
export const unknown = (): null => null;

/** For kinds whose layers are drawn as a whole and by themselves. */
export const WHOLE_RULES: LayerRules<unknown> = {
  textFields: [],
  fixedFields: [],
  itemsById: null,
  check: none,
  checkWritten: none,
  assets: none,
  parts: one,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: false,
  coveredArea: unknown,
};
