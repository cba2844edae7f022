import type { Layer, LayerOf } from '../scene/schema/layer.js';
import { controlled } from '../scene/stopwatch.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { editLayer, type LayerKind } from './edit-layer.js';
import type { ServiceState } from './model.js';

const PAST = { start: 'started', pause: 'paused', reset: 'reset', lap: 'lap' } as const;

function isStopwatch(layer: Layer): layer is LayerOf<'stopwatch'> {
  return layer.type === 'stopwatch';
}

const STOPWATCH: LayerKind<LayerOf<'stopwatch'>> = { name: 'stopwatch', isOf: isStopwatch };

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND */
export function controlStopwatch(
  state: ServiceState,
  command: CommandOf<'stopwatch.control'>,
): Change {
  const { action, atMs } = command;
  return editLayer(state, command, STOPWATCH, (before) => {
    const layer = controlled(before, action, atMs);
    const { startedAtMs, elapsedMs, laps } = layer;
    return { layer, type: `stopwatch.${PAST[action]}`, data: { startedAtMs, elapsedMs, laps } };
  });
}
