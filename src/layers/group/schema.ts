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
  width: ExtentPxSchema.optional().meta({ description: 'Default: as its layers need it.' }),
  height: ExtentPxSchema.optional().meta({ description: 'Default: as its layers need it.' }),
  background: PaintSchema.nullable().default(null).meta({
    description: 'Of its box. With one, the shadow is that of the box; else that of its layers.',
  }),
  layout: LayoutSchema.default({ type: 'absolute' }).meta({
    description: 'How its layers are placed. Default: where their own x and y say.',
  }),
  overflow: z
    .enum(['visible', 'hidden'])
    .default('visible')
    .meta({ description: 'Whether what reaches out of its box is seen.' }),
  layoutTransition: TransitionSchema.nullable().default(null).meta({
    description:
      'How its layers move to where the layout puts them when that changes; a change that brings a transition of its own goes by that.',
  }),
});
