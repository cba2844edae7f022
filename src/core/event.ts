export const EVENT_TOPICS = [
  'stream',
  'scene',
  'asset',
  'output',
  'variables',
  'audio',
  'stats',
] as const;
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
