import { type Scene, SceneCheck } from '../schema/scene.js';
import type { JsonValue, Variables } from '../variables/json-value.js';
import { checkExpressions } from '../variables/layer-expressions.js';
import { expand, type TemplateComplaint } from './expand.js';
import { type Parameter, problemWith, SAMPLES } from './parameters.js';
import type { Template } from './template.js';

/** The scene that a template makes, or why it makes none: complaints about the parameters, or about the scene. */
export type Instance =
  | { readonly scene: Scene }
  | { readonly about: 'parameters' | 'scene'; readonly complaints: readonly TemplateComplaint[] };

/** Makes a scene of a template. A name that is not passed is that of the template's scene, or its own. */
export function instantiate(
  template: Pick<Template, 'name' | 'parameters' | 'scene'>,
  { id, name, parameters }: { id: string; name: string | null; parameters: Variables },
): Instance {
  const unknown = Object.keys(parameters).filter(
    (passed) => !template.parameters.some((parameter) => parameter.name === passed),
  );
  const complaints = [
    ...unknown.map((passed) => ({
      path: [passed],
      message: 'is not a parameter of this template',
    })),
    ...template.parameters.flatMap((parameter) => complaintsAbout(parameter, parameters)),
  ];
  if (complaints.length > 0) return { about: 'parameters', complaints };
  const values = Object.fromEntries(
    template.parameters.map((parameter): [string, JsonValue] => [
      parameter.name,
      parameters[parameter.name] ?? parameter.default ?? null,
    ]),
  );
  const { document, complaints: wrong } = expand(template.scene, values);
  if (wrong.length > 0) return { about: 'scene', complaints: wrong };
  return toScene({
    name: template.name,
    ...toFields(document),
    ...(name !== null && { name }),
    id,
  });
}

/**
 * What is wrong with a template: placeholders that name no parameter, and why no scene can be made of it with its defaults and
 * samples for required parameters.
 */
export function complaintsAboutTemplate(template: Template): readonly TemplateComplaint[] {
  const { id, parameters, scene } = template;
  const samples = parameters.map((parameter): [Parameter, JsonValue] => [
    parameter,
    parameter.default ?? SAMPLES[parameter.type],
  ]);
  const everything = Object.fromEntries(samples.map(([{ name }, value]) => [name, value]));
  const { complaints } = expand(scene, everything);
  if (complaints.length > 0) return complaints;
  const needed = Object.fromEntries(
    samples.flatMap(([{ name, required }, value]) => (required ? [[name, value]] : [])),
  );
  const instance = instantiate(template, { id, name: null, parameters: needed });
  return 'scene' in instance ? [] : instance.complaints;
}

function complaintsAbout(parameter: Parameter, passed: Variables): TemplateComplaint[] {
  const { name, type, required } = parameter;
  const value = Object.hasOwn(passed, name) ? (passed[name] ?? null) : null;
  if (value === null) {
    const isMissing = required && parameter.default === undefined;
    return isMissing ? [{ path: [name], message: 'is required' }] : [];
  }
  const problem = problemWith(type, value);
  return problem === null ? [] : [{ path: [name], message: problem }];
}

function toFields(document: JsonValue | undefined): object {
  return typeof document === 'object' && document !== null ? document : {};
}

function toScene(candidate: object): Instance {
  const result = SceneCheck.safeParse(candidate);
  if (!result.success) {
    const complaints = result.error.issues.flatMap((issue) => {
      const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
      if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
      const message = 'is not a known field';
      return issue.keys.map((key) => ({ path: [...path, key], message }));
    });
    return { about: 'scene', complaints };
  }
  const complaints = checkExpressions(result.data.layers).map(({ path, message }) => ({
    path: ['layers', ...path],
    message,
  }));
  return complaints.length > 0 ? { about: 'scene', complaints } : { scene: result.data };
}
