import { z } from 'zod';
import { troublesOf } from '../health.js';
import { NO_PARAMS, type Operation, type RawOperation } from '../operation.js';
import type { MetricsService, ProgramService } from '../ports.js';
import type { StateStore } from '../../state/port.js';

export type ServiceDeps = {
  readonly store: StateStore;
  readonly program: ProgramService;
  /** What does not work of threads and child processes that are wanted, sentences for people. */
  readonly troubles: () => readonly string[];
  readonly metrics: MetricsService;
  /** Of the service, for /health. */
  readonly version: string;
  /** Whether the media plane stands: the stitcher has said that it is ready. */
  readonly isReady: () => boolean;
  /** Whether requests are taken: listening, and not shutting down. */
  readonly isServing: () => boolean;
};

/** Answer of /health. */
export const HealthSchema = z
  .strictObject({
    status: z.enum(['ok', 'failing']),
    version: z.string(),
    uptimeSeconds: z.number(),
    troubles: z
      .array(z.strictObject({ part: z.enum(['stream', 'media']), reason: z.string() }))
      .meta({
        description:
          'Required parts that are currently failing. The service keeps trying to recover them.',
      }),
  })
  .meta({ id: 'Health' });

/** Answer of /ready. */
export const ReadinessSchema = z
  .strictObject({
    ready: z.boolean(),
    status: z.enum(['ok', 'degraded', 'unavailable']).meta({
      description:
        '`ok`: everything works. `degraded`: the service is ready, but a part listed in `degraded` is impaired. `unavailable`: the service is not ready.',
    }),
    degraded: z
      .array(
        z.strictObject({
          part: z.enum(['persistence', 'stream', 'media']),
          reason: z.string(),
        }),
      )
      .meta({ description: 'Parts that are impaired while the service continues to run.' }),
  })
  .meta({ id: 'Readiness' });
type Readiness = z.infer<typeof ReadinessSchema>;

function toReadiness(deps: ServiceDeps): Readiness {
  const { store, program, isReady, isServing } = deps;
  const degraded: Readiness['degraded'] = [];
  if (!isReady()) {
    degraded.push({ part: 'media', reason: 'The rendering threads are not ready.' });
  }
  if (store.persistence.state === 'degraded') {
    const reason = store.persistence.reason ?? 'The latest state is only in memory.';
    degraded.push({ part: 'persistence', reason });
  }
  const troubles = troublesOf(deps.troubles(), program, store.state);
  degraded.push(...troubles);
  const ready = isReady() && isServing() && !store.persistence.refusing && troubles.length === 0;
  const status = !ready ? 'unavailable' : degraded.length > 0 ? 'degraded' : 'ok';
  return { ready, status, degraded };
}

type Page = Pick<RawOperation, 'name' | 'summary' | 'path' | 'responses' | 'respond' | 'open'> &
  Partial<Pick<RawOperation, 'description'>>;

function page(part: Page): RawOperation {
  return {
    kind: 'raw',
    description: '',
    tag: 'service',
    method: 'GET',
    params: NO_PARAMS,
    errors: [],
    // Those who watch over the service must see it in a flood, too.
    isCounted: false,
    hidden: false,
    ...part,
  };
}

/** What watches over the service asks these. The first two never need a token. */
export function createServiceOperations(deps: ServiceDeps): Operation[] {
  const json = { mediaType: 'application/json' };
  return [
    page({
      name: 'service.health',
      summary: 'Health check',
      description:
        'Responds with 503 while the stream should be live but has failed, or while the encoder or a thread of the media plane that is in use is being restarted. The service keeps trying to recover; with EXIT_WHEN_FAILING_SECONDS it exits instead.',
      path: '/health',
      open: true,
      responses: {
        200: { description: 'The service is healthy', schema: HealthSchema, ...json },
        503: {
          description: 'A required part of the service is failing',
          schema: HealthSchema,
          ...json,
        },
      },
      respond: (exchange) => {
        const troubles = troublesOf(deps.troubles(), deps.program, deps.store.state);
        const isOk = troubles.length === 0;
        exchange.sendJson(isOk ? 200 : 503, {
          status: isOk ? 'ok' : 'failing',
          version: deps.version,
          uptimeSeconds: process.uptime(),
          troubles,
        });
      },
    }),
    page({
      name: 'service.ready',
      summary: 'Readiness check',
      description:
        'Responds with 503 while the service is starting or shutting down, while a required part is failing (see /health), and, with DURABILITY=strict, while changes cannot be stored. With DURABILITY=relaxed a failing state store makes the service degraded, not unavailable.',
      path: '/ready',
      open: true,
      responses: {
        200: { description: 'The service accepts requests', schema: ReadinessSchema, ...json },
        503: {
          description:
            'The service is starting or shutting down, a required part is failing, or changes that must be durable cannot be stored',
          schema: ReadinessSchema,
          ...json,
        },
      },
      respond: (exchange) => {
        const readiness = toReadiness(deps);
        exchange.sendJson(readiness.ready ? 200 : 503, readiness);
      },
    }),
    page({
      name: 'service.metrics',
      summary: 'Metrics for Prometheus',
      path: '/metrics',
      open: false,
      responses: {
        200: {
          description: 'The metrics in the Prometheus text format',
          schema: null,
          mediaType: 'text/plain',
        },
      },
      respond: async (exchange) => {
        const text = await deps.metrics.render();
        exchange.send(200, [['Content-Type', deps.metrics.contentType]], text);
      },
    }),
  ];
}
