import type { Layer } from '../../scene/schema/layer.js';
import { controlled } from './counting.js';
import type { Change } from '../../state/change.js';
import type { CommandOf } from '../../state/command.js';
import { editLayer, type LayerKind } from '../../state/edit-layer.js';
import type { ServiceState } from '../../state/model.js';
import type { StopwatchLayer } from './schema.js';

const PAST = { start: 'started', pause: 'paused', reset: 'reset', lap: 'lap' } as const;

function isStopwatch(layer: Layer): layer is StopwatchLayer {
  return layer.type === 'stopwatch';
}

const STOPWATCH: LayerKind<StopwatchLayer> = { name: 'stopwatch', isOf: isStopwatch };

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
