import { z } from 'zod';
import { AppError, ERROR_CODES } from '../core/errors.js';

/** RFC 9457 problem details: what every refused request is answered with, over HTTP and inside JSON-RPC errors. */
export const ProblemSchema = z
  .strictObject({
    type: z
      .string()
      .meta({ description: 'Path of the page of this service that describes the error code.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z
      .string()
      .meta({ description: 'Human-readable description of the error and of how to resolve it.' }),
    code: z.enum(ERROR_CODES).meta({ description: 'Stable error code, intended for programs.' }),
    errors: z
      .array(
        z.strictObject({
          path: z
            .string()
            .meta({ description: 'JSON pointer to the field, such as /layers/0/opacity.' }),
          message: z.string(),
        }),
      )
      .meta({ description: 'Invalid fields; empty if the error does not concern single fields.' }),
  })
  .meta({
    id: 'Problem',
    example: {
      type: '/docs/errors#SM_SCENE_UNKNOWN',
      title: 'There is no scene with this id',
      status: 404,
      detail: 'There is no scene "intro". GET /api/scenes lists the scenes.',
      code: 'SM_SCENE_UNKNOWN',
      errors: [],
    },
  });
export type Problem = z.infer<typeof ProblemSchema>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A request that may be sent again later. */
export class RetryLaterError extends AppError {
  constructor(
    message: string,
    /** Whole seconds, at least 1. */
    readonly retryAfterSeconds: number,
  ) {
    super('SM_RATE_LIMITED', message);
  }
}

/** The message of a mistake of our own may hold anything: it is for the log, not for clients. */
const INTERNAL_DETAIL =
  'The request failed because of an internal error. The log of the service contains the details.';

export function toProblem(error: AppError): Problem {
  return {
    type: `/docs/errors#${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.code === 'SM_INTERNAL' ? INTERNAL_DETAIL : error.message,
    code: error.code,
    errors: error.fields.map(({ path, message }) => ({ path, message })),
  };
}

/** Headers that belong to an error: how to log in, when to come back. */
export function problemHeaders(error: AppError): [name: string, value: string][] {
  if (error instanceof RetryLaterError) return [['Retry-After', String(error.retryAfterSeconds)]];
  if (error.status === 401) return [['WWW-Authenticate', 'Bearer realm="stream-manager"']];
  return [];
}
