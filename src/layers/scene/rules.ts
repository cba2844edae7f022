import { WHOLE_RULES, type LayerRules } from '../kind-rules.js';
import type { SceneLayer } from './schema.js';

/** Scenes in scenes, as documents know them. */
export const SCENE_RULES: LayerRules<SceneLayer> = WHOLE_RULES;
