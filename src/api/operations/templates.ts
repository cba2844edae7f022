import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { SceneSchema } from '../../scene/schema/scene.js';
import { IdSchema, NameSchema } from '../../scene/schema/values.js';
import { BUILT_IN_TEMPLATES } from '../../scene/templates/built-in.js';
import { instantiate } from '../../scene/templates/instantiate.js';
import { ArgumentsSchema } from '../../scene/templates/parameters.js';
import { type Template, TemplateSchema } from '../../scene/templates/template.js';
import type { ServiceState } from '../../state/model.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { readOnly } from '../read-only.js';
import { invalidRequest } from '../validation.js';
import { createId, ID_PARAMS } from './deps.js';
import { findScene } from './scene-lookup.js';

const { shape } = TemplateSchema;

const BuiltInSchema = z
  .boolean()
  .meta({ description: 'Whether the template is built in. Built-in templates cannot be changed.' });

const TemplateDraftSchema = z
  .strictObject({ ...shape, id: IdSchema.optional(), builtIn: readOnly(BuiltInSchema) })
  .meta({ id: 'TemplateDraft' });

const TemplateViewSchema = z
  .strictObject({ ...shape, builtIn: BuiltInSchema })
  .meta({ id: 'TemplateView' });

const TemplateListSchema = z
  .strictObject({ templates: z.array(TemplateViewSchema.omit({ scene: true })) })
  .meta({ id: 'TemplateList' });

const InstantiationSchema = z
  .strictObject({
    sceneId: IdSchema.optional().meta({
      description: 'Id of the new scene. Default: a generated id.',
    }),
    name: NameSchema.optional().meta({
      description: 'Name of the new scene. Default: the name of the template.',
    }),
    parameters: ArgumentsSchema.default({}),
  })
  .meta({ id: 'Instantiation' });

const EXAMPLE = {
  id: 'lower-third',
  name: 'Lower third',
  parameters: [
    { name: 'person', type: 'string', required: true },
    { name: 'accent', type: 'color', default: '#e0402a' },
  ],
  scene: {
    layers: [{ id: 'name', type: 'text', text: '${person}', color: '${accent}', x: 120, y: 860 }],
  },
};

type View = z.infer<typeof TemplateViewSchema>;

function toView(template: Template, isBuiltIn: boolean): View {
  return { ...template, builtIn: isBuiltIn };
}

function toSummary({ id, name, description, parameters, builtIn }: View) {
  return { id, name, description, parameters, builtIn };
}

/** A template as it was sent, without what can only be read. */
function toTemplate(
  { name, description, parameters, scene }: z.output<typeof TemplateDraftSchema>,
  id: string,
): Template {
  return { id, name, description, parameters, scene };
}

function viewsOf({ templates }: ServiceState): View[] {
  return [
    ...BUILT_IN_TEMPLATES.map((template) => toView(template, true)),
    ...templates.map((template) => toView(template, false)),
  ];
}

/** @throws AppError SM_TEMPLATE_UNKNOWN */
function viewOf(state: ServiceState, wanted: string): View {
  const view = viewsOf(state).find((one) => one.id === wanted);
  if (view !== undefined) return view;
  throw new AppError(
    'SM_TEMPLATE_UNKNOWN',
    `There is no template "${wanted}". GET /api/templates lists the templates.`,
  );
}

const LIST = jsonOperation({
  name: 'templates.list',
  summary: 'List the templates',
  description: 'Built-in templates are listed first.',
  tag: 'templates',
  method: 'GET',
  path: '/api/templates',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: TemplateListSchema,
  errors: [],
  example: {},
  handle: (context) => ({ templates: viewsOf(context.state).map(toSummary) }),
});

const CREATE = jsonOperation({
  name: 'templates.create',
  summary: 'Create a template',
  description:
    'The template is validated by instantiating it with the defaults of its parameters. Without an id, one is generated.',
  tag: 'templates',
  method: 'POST',
  path: '/api/templates',
  status: 201,
  transactional: true,
  params: NO_PARAMS,
  body: TemplateDraftSchema,
  output: TemplateViewSchema,
  errors: ['SM_TEMPLATE_EXISTS', 'SM_TEMPLATE_LIMIT', 'SM_TEMPLATE_BUILT_IN'],
  example: EXAMPLE,
  location: (template) => `/api/templates/${template.id}`,
  handle: async (context, _params, body) => {
    const template = toTemplate(body, body.id ?? createId());
    const { after } = await context.dispatch({ type: 'template.create', template });
    return viewOf(after, template.id);
  },
});

const GET = jsonOperation({
  name: 'templates.get',
  summary: 'Read a template',
  tag: 'templates',
  method: 'GET',
  path: '/api/templates/{id}',
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: TemplateViewSchema,
  errors: ['SM_TEMPLATE_UNKNOWN'],
  example: {},
  handle: (context, params) => viewOf(context.state, params.id),
});

const REPLACE = jsonOperation({
  name: 'templates.replace',
  summary: 'Replace a template',
  description: 'Scenes created from the template do not change.',
  tag: 'templates',
  method: 'PUT',
  path: '/api/templates/{id}',
  status: 200,
  transactional: true,
  params: ID_PARAMS,
  body: TemplateDraftSchema,
  output: TemplateViewSchema,
  errors: ['SM_TEMPLATE_UNKNOWN', 'SM_TEMPLATE_BUILT_IN'],
  example: EXAMPLE,
  handle: async (context, params, body) => {
    if (body.id !== undefined && body.id !== params.id) {
      throw invalidRequest([
        { path: '/id', message: `must be ${params.id} as in the path, or be omitted` },
      ]);
    }
    const template = toTemplate(body, params.id);
    // Those that come with the service never change; what is sent back as it was read is no change.
    const builtIn = BUILT_IN_TEMPLATES.find(({ id }) => id === params.id);
    if (builtIn !== undefined && isDeepStrictEqual(template, builtIn)) return toView(builtIn, true);
    const { after } = await context.dispatch({ type: 'template.replace', template });
    return viewOf(after, params.id);
  },
});

const INSTANTIATE = jsonOperation({
  name: 'templates.instantiate',
  summary: 'Create a scene from a template',
  description: 'The new scene is independent of the template.',
  tag: 'templates',
  method: 'POST',
  path: '/api/templates/{id}/instantiate',
  status: 201,
  transactional: true,
  params: ID_PARAMS,
  body: InstantiationSchema,
  output: SceneSchema,
  errors: ['SM_TEMPLATE_UNKNOWN', 'SM_SCENE_EXISTS', 'SM_SCENE_LIMIT'],
  example: { sceneId: 'lot-42', name: 'Lot 42', parameters: { person: 'Ada Lovelace' } },
  location: (scene) => `/api/scenes/${scene.id}`,
  handle: async (context, params, body) => {
    const instance = instantiate(viewOf(context.state, params.id), {
      id: body.sceneId ?? createId(),
      name: body.name ?? null,
      parameters: body.parameters,
    });
    if ('complaints' in instance) throw refused(instance);
    const { scene } = instance;
    return findScene((await context.dispatch({ type: 'scene.create', scene })).after, scene.id);
  },
});

const REMOVE = jsonOperation({
  name: 'templates.remove',
  summary: 'Remove a template',
  description: 'Scenes created from the template remain.',
  tag: 'templates',
  method: 'DELETE',
  path: '/api/templates/{id}',
  status: 204,
  transactional: true,
  params: ID_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_TEMPLATE_UNKNOWN', 'SM_TEMPLATE_BUILT_IN'],
  example: {},
  handle: async (context, params) => {
    await context.dispatch({ type: 'template.remove', templateId: params.id });
    return null;
  },
});

/** Operations on templates of scenes. */
export const TEMPLATE_OPERATIONS: readonly Operation[] = [
  LIST,
  CREATE,
  GET,
  REPLACE,
  INSTANTIATE,
  REMOVE,
];

function refused({
  about,
  complaints,
}: Exclude<ReturnType<typeof instantiate>, { scene: unknown }>) {
  return invalidRequest(
    complaints.map(({ path, message }) => ({
      path: ['', about, ...path].join('/'),
      message: about === 'scene' ? `in the resulting scene: ${message}` : message,
    })),
  );
}
