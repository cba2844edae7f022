import { z } from 'zod';
import { EVENT_TOPICS, type EventTopic } from '../../core/event.js';
import type { EventHub } from '../event-hub.js';
import { jsonOperation, NO_BODY, type Operation } from '../operation.js';

const TopicSchema = z.enum(EVENT_TOPICS);
const MAX_EVENTS = 1000;

/** Of an address, where a list is one text; or of JSON-RPC. */
const TopicsSchema = z
  .union([
    z
      .string()
      .transform((text): unknown => text.split(','))
      .pipe(z.array(TopicSchema)),
    z.array(TopicSchema),
  ])
  .meta({
    description: 'Topics, divided by commas; default: all. `stats` is not kept.',
    example: 'scene,stream',
    override: { type: 'string' },
  });

const ReadParams = z.strictObject({
  since: z.coerce.number().min(0).optional().meta({
    description: 'Number of the last event that is known; default: the newest.',
    example: 0,
  }),
  topics: TopicsSchema.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_EVENTS).default(100),
});

const EventSchema = z
  .strictObject({
    seq: z.number().meta({ description: 'Grows by one with every event of any topic.' }),
    topic: TopicSchema,
    type: z.string(),
    at: z.string().meta({ description: 'ISO 8601' }),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

const EventListSchema = z
  .strictObject({
    events: z.array(EventSchema),
    seq: z.number().meta({ description: 'Give it as `since` to go on from here.' }),
    newestSeq: z.number(),
    gap: z.boolean().meta({
      description:
        'Some of these topics after `since` are no longer kept: read what you need anew.',
    }),
  })
  .meta({ id: 'EventList' });

/** What has happened, for those who were away or do not hold a WebSocket open. */
export function createEventOperations(events: EventHub): Operation[] {
  return [
    jsonOperation({
      name: 'events.read',
      summary: 'Read events that have been',
      description:
        'A thousand are kept, over restarts of clients but not of the service; when there are more, the type that there is most of loses its oldest.' +
        ' A client that was cut off gives the number of its last event, here or to `events.subscribe`, and misses nothing unless `gap` says so.',
      tag: 'service',
      method: 'GET',
      path: '/api/events',
      status: 200,
      params: ReadParams,
      body: NO_BODY,
      output: EventListSchema,
      errors: [],
      example: {},
      handle: (_context, { since, topics, limit }) => {
        const wanted = new Set<EventTopic>(topics ?? EVENT_TOPICS);
        const { newestSeq } = events;
        const replay = events.read(since ?? newestSeq, wanted, limit);
        return { ...replay, events: [...replay.events], newestSeq };
      },
    }),
  ];
}
