import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { SceneLayer } from './schema.js';

/** Scenes in scenes, as documents know them. */
export const SCENE_RULES: LayerRules<SceneLayer> = {
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
