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
    description:
      'Topics, separated by commas. Default: all. Events of the topics `stats` and `meters` are not kept.',
    example: 'scene,stream',
    override: { type: 'string' },
  });

const ReadParams = z.strictObject({
  since: z.coerce.number().min(0).optional().meta({
    description:
      'Sequence number of the last event that the client has received. Default: the newest.',
    example: 0,
  }),
  topics: TopicsSchema.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_EVENTS).default(100),
});

const EventSchema = z
  .strictObject({
    seq: z
      .number()
      .meta({ description: 'Sequence number; increases by one with every event of any topic.' }),
    topic: TopicSchema,
    type: z.string(),
    at: z.string().meta({ description: 'Time of the event, ISO 8601.' }),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

const EventListSchema = z
  .strictObject({
    events: z.array(EventSchema),
    seq: z
      .number()
      .meta({ description: 'Sequence number to pass as `since` in order to continue from here.' }),
    newestSeq: z.number(),
    gap: z.boolean().meta({
      description:
        'True when events of these topics after `since` are no longer available; the client should read the state again.',
    }),
  })
  .meta({ id: 'EventList' });

/** What has happened, for those who were away or do not hold a WebSocket open. */
export function createEventOperations(events: EventHub): Operation[] {
  return [
    jsonOperation({
      name: 'events.read',
      summary: 'Read past events',
      description:
        'The service keeps the last thousand events in memory; a restart of the service discards them. When the limit is reached, the oldest event of the most frequent type is discarded.' +
        ' A client that was disconnected passes the sequence number of its last event here or to `events.subscribe` and misses nothing unless `gap` is true.',
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
