import { z } from 'zod';
import { SceneTransitionSchema } from '../../scene/schema/scene-transition.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import {
  PreviewViewSchema,
  ProgramViewSchema,
  toPreviewView,
  toProgramView,
} from './switcher-views.js';
import { readOnly } from '../read-only.js';
import { resolveSceneId, SceneIdSchema } from './scene-lookup.js';

const LoadSchema = z
  .strictObject({
    sceneId: SceneIdSchema,
    loadedAtMs: readOnly(PreviewViewSchema.shape.loadedAtMs),
  })
  .meta({ id: 'PreviewLoad' });

const TakeSchema = z
  .strictObject({
    transition: SceneTransitionSchema.optional().meta({
      description:
        'Transition to use. Default: the transition set for this pair of scenes, otherwise the default transition.',
    }),
    swap: z.boolean().default(true).meta({
      description:
        'Whether the scene that was on air moves to preview. Otherwise the taken scene stays in preview as well.',
    }),
  })
  .meta({ id: 'ProgramTake' });

const TakenSchema = z
  .strictObject({ program: ProgramViewSchema, preview: PreviewViewSchema })
  .meta({ id: 'ProgramTaken' });

const PROGRAM_GET = jsonOperation({
  name: 'program.get',
  summary: 'Read the program',
  tag: 'scenes',
  method: 'GET',
  path: '/api/program',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: ProgramViewSchema,
  errors: [],
  example: {},
  handle: (context) => toProgramView(context.state),
});

const PREVIEW_GET = jsonOperation({
  name: 'preview.get',
  summary: 'Read the preview',
  tag: 'preview',
  method: 'GET',
  path: '/api/preview',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: PreviewViewSchema,
  errors: [],
  example: {},
  handle: (context) => toPreviewView(context.state),
});

const PREVIEW_LOAD = jsonOperation({
  name: 'preview.load',
  summary: 'Load a scene into preview',
  description:
    'A scene in preview can be edited off air with `preview` in place of its id. It is rendered at /api/preview/scene.jpg, /api/preview/scene.mjpeg and /ws/preview?source=preview. Its animations restart now, even if it is already in preview. POST /api/program/take puts it on air.',
  tag: 'preview',
  method: 'POST',
  transactional: true,
  path: '/api/preview',
  status: 200,
  params: NO_PARAMS,
  body: LoadSchema,
  output: PreviewViewSchema,
  errors: ['SM_SCENE_UNKNOWN'],
  example: { sceneId: 'intro' },
  handle: async (context, _params, body) => {
    const sceneId = resolveSceneId(context.state, body.sceneId);
    const { after } = await context.dispatch({
      type: 'preview.load',
      sceneId,
      atMs: context.now(),
    });
    return toPreviewView(after);
  },
});

const PROGRAM_TAKE = jsonOperation({
  name: 'program.take',
  summary: 'Put the scene in preview on air',
  description:
    'Animations and timers of the scene start now. As on a vision mixer, the scene that was on air moves to preview unless `swap` is false.',
  tag: 'scenes',
  method: 'POST',
  transactional: true,
  path: '/api/program/take',
  status: 200,
  params: NO_PARAMS,
  body: TakeSchema,
  output: TakenSchema,
  errors: ['SM_PREVIEW_EMPTY'],
  example: { swap: true, transition: { type: 'fade', durationMs: 400 } },
  handle: async (context, _params, { swap, transition }) => {
    const { after } = await context.dispatch({
      type: 'program.take',
      atMs: context.now(),
      swap,
      transition: transition ?? null,
    });
    return { program: toProgramView(after), preview: toPreviewView(after) };
  },
});

const PREVIEW_CLEAR = jsonOperation({
  name: 'preview.clear',
  summary: 'Clear the preview',
  tag: 'preview',
  method: 'DELETE',
  transactional: true,
  path: '/api/preview',
  status: 204,
  params: NO_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: [],
  example: {},
  handle: async (context) => {
    await context.dispatch({ type: 'preview.clear' });
    return null;
  },
});

/** Operations on what is on air, and on what is got ready unseen. */
export const SWITCHER_OPERATIONS: readonly Operation[] = [
  PROGRAM_GET,
  PREVIEW_GET,
  PREVIEW_LOAD,
  PROGRAM_TAKE,
  PREVIEW_CLEAR,
];
