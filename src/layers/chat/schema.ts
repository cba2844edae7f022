import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { TEXT_STYLE, TextBoxSchema, TextStrokeSchema } from '../../scene/schema/text-style.js';
import {
  ColorSchema,
  EasingSchema,
  ExtentPxSchema,
  numberBetween,
} from '../../scene/schema/values.js';
import { ChatMessageSchema } from '../../scene/schema/chat-message.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

const DurationMsSchema = numberBetween(0, LIMITS.chatMotionMs);

/** Messages of people, newest at one edge; they come and go by operations, and by age. */
export const ChatLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('chat'),
  width: ExtentPxSchema,
  height: ExtentPxSchema,
  ...TEXT_STYLE,
  fontSize: numberBetween(1, LIMITS.fontSizePx).default(28),
  lineHeight: numberBetween(0.5, 5)
    .default(1.3)
    .meta({ description: 'Multiple of the font size.' }),
  stroke: TextStrokeSchema.nullable().default(null),
  authorStyle: z
    .strictObject({
      fontWeight: z.int().min(100).max(900).default(700),
      color: ColorSchema.nullable().default(null).meta({
        description: 'Colour of author names; null: each author has a different colour.',
      }),
      separator: z.string().max(8).default(': '),
    })
    .prefault({}),
  box: TextBoxSchema.nullable()
    .default(null)
    .meta({ description: 'Box behind each message; null: none.' }),
  spacing: numberBetween(0, LIMITS.spacingPx).default(10).meta({
    description: 'Pixels between messages.',
  }),
  maxLines: numberBetween(1, LIMITS.textLines).default(6).meta({
    description:
      'Maximum number of lines per message. Longer messages are truncated with an ellipsis.',
  }),
  order: z.enum(['bottom-up', 'top-down']).default('bottom-up').meta({
    description: 'Whether the newest message is at the bottom or at the top.',
  }),
  maxMessages: z.int().min(1).max(LIMITS.chatShownMessages).default(50).meta({
    description: 'Maximum number of messages shown. An additional message removes the oldest.',
  }),
  ttlMs: numberBetween(1, LIMITS.chatTtlMs).nullable().default(null).meta({
    description:
      'How long a message is shown, in milliseconds; null: until newer messages displace it.',
  }),
  messageEnter: z
    .strictObject({
      type: z.enum(['slide', 'fade', 'none']).default('slide'),
      from: z.enum(['edge', 'left', 'right']).default('edge').meta({
        description:
          'Side from which a sliding message enters. edge: the edge at which the newest message is placed.',
      }),
      durationMs: DurationMsSchema.default(350),
      easing: EasingSchema.default('ease-out-cubic'),
    })
    .prefault({})
    .meta({ description: 'How a message enters while the others make room for it.' }),
  messageExit: z
    .strictObject({
      type: z.enum(['slide', 'fade', 'none']).default('fade'),
      to: z
        .enum(['left', 'right'])
        .default('left')
        .meta({ description: 'Side to which a sliding message leaves.' }),
      durationMs: DurationMsSchema.default(400),
      easing: EasingSchema.default('ease-in-out'),
    })
    .prefault({})
    .meta({ description: 'How a message leaves before the others close the gap.' }),
  messages: z.array(ChatMessageSchema).max(LIMITS.chatMessages).default([]).meta({
    description: 'Messages, oldest first.',
  }),
});
export type ChatLayer = z.infer<typeof ChatLayerSchema>;
