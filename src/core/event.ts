export const EVENT_TOPICS = [
  'stream',
  'scene',
  'asset',
  'output',
  'input',
  'variables',
  'audio',
  'stats',
  'meters',
] as const;
/** Samples of what changes all the time: they are not kept, and made only while somebody is subscribed. */
export const SAMPLED_TOPICS: ReadonlySet<EventTopic> = new Set(['stats', 'meters']);

export type EventTopic = (typeof EVENT_TOPICS)[number];

/**
 * Something that happened, for whoever subscribed. `type` is `<what>.<past tense or state>`, such as
 * `scene.updated`; `data` is plain JSON without secrets.
 */
export type ServiceEvent = {
  readonly topic: EventTopic;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
};
