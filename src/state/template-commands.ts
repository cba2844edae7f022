import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../core/errors.js';
import { TEMPLATE_LIMITS } from '../scene/limits.js';
import { complaintsAboutTemplate } from '../scene/templates/instantiate.js';
import { BUILT_IN_PREFIX, type Template, TemplateSchema } from '../scene/templates/template.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import type { ServiceState } from './model.js';
import { invalid, toPointer, validate } from './validate.js';

/** @throws AppError SM_TEMPLATE_EXISTS, SM_TEMPLATE_LIMIT, SM_TEMPLATE_BUILT_IN, SM_REQUEST_INVALID */
export function createTemplate(state: ServiceState, command: CommandOf<'template.create'>): Change {
  const template = checked(command.template);
  if (state.templates.some(({ id }) => id === template.id)) {
    throw new AppError(
      'SM_TEMPLATE_EXISTS',
      `A template with the id ${template.id} already exists. Replace it with PUT, or choose another id.`,
    );
  }
  if (state.templates.length >= TEMPLATE_LIMITS.templates) {
    throw new AppError(
      'SM_TEMPLATE_LIMIT',
      `The limit of ${state.templates.length} templates is reached. Remove one first.`,
    );
  }
  return {
    state: { ...state, templates: [...state.templates, template] },
    events: [{ topic: 'scene', type: 'template.created', data: { templateId: template.id } }],
  };
}

/** @throws AppError SM_TEMPLATE_UNKNOWN, SM_TEMPLATE_BUILT_IN, SM_REQUEST_INVALID */
export function replaceTemplate(
  state: ServiceState,
  command: CommandOf<'template.replace'>,
): Change {
  const index = indexOf(state, command.template.id);
  const template = checked(command.template);
  if (isDeepStrictEqual(template, state.templates[index])) return { state, events: [] };
  return {
    state: { ...state, templates: state.templates.with(index, template) },
    events: [{ topic: 'scene', type: 'template.updated', data: { templateId: template.id } }],
  };
}

/** Scenes that were made of it stay. @throws AppError SM_TEMPLATE_UNKNOWN, SM_TEMPLATE_BUILT_IN */
export function removeTemplate(state: ServiceState, command: CommandOf<'template.remove'>): Change {
  const { templateId } = command;
  const index = indexOf(state, templateId);
  return {
    state: { ...state, templates: state.templates.toSpliced(index, 1) },
    events: [{ topic: 'scene', type: 'template.removed', data: { templateId } }],
  };
}

function indexOf(state: ServiceState, templateId: string): number {
  refuseBuiltIn(templateId);
  const index = state.templates.findIndex(({ id }) => id === templateId);
  if (index >= 0) return index;
  throw new AppError(
    'SM_TEMPLATE_UNKNOWN',
    `There is no template ${templateId}. GET /api/templates lists them.`,
  );
}

function refuseBuiltIn(templateId: string): void {
  if (!templateId.startsWith(BUILT_IN_PREFIX)) return;
  throw new AppError(
    'SM_TEMPLATE_BUILT_IN',
    `Ids that begin with ${BUILT_IN_PREFIX} are reserved for built-in templates, which cannot be changed. Use another id.`,
  );
}

/** A template that can make a scene. */
function checked(candidate: Template): Template {
  const template = validate(TemplateSchema, candidate, 'template');
  refuseBuiltIn(template.id);
  const complaints = complaintsAboutTemplate(template);
  if (complaints.length === 0) return template;
  throw invalid(
    'template',
    complaints.map(({ path, message }) => ({ path: toPointer(['scene', ...path]), message })),
  );
}
