import { z } from 'zod';
import { LayoutSchema } from '../../scene/schema/layout.js';
import { TransitionSchema } from '../../scene/schema/transition.js';
import { PaintSchema } from '../../scene/schema/style.js';
import { ExtentPxSchema } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

/** Layers that are placed, faded, masked and filtered as one. What is in it is added where the union of kinds is made. */
export const GroupFieldsSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('group'),
  width: ExtentPxSchema.optional().meta({
    description: 'Size of the group. Default: the size that its layers need.',
  }),
  height: ExtentPxSchema.optional().meta({
    description: 'Size of the group. Default: the size that its layers need.',
  }),
  background: PaintSchema.nullable().default(null).meta({
    description:
      'Background of the box of the group. With a background, the shadow is cast by the box, otherwise by the layers.',
  }),
  layout: LayoutSchema.default({ type: 'absolute' }).meta({
    description: 'How the layers of the group are placed. Default: at their own x and y.',
  }),
  overflow: z
    .enum(['visible', 'hidden'])
    .default('visible')
    .meta({ description: 'Whether content outside of the box of the group is visible.' }),
  layoutTransition: TransitionSchema.nullable().default(null).meta({
    description:
      'Transition of layers whose position in the layout changes. The transition of the change itself takes precedence.',
  }),
});
/** A group without the layers in it. */
export type GroupFields = z.infer<typeof GroupFieldsSchema>;
