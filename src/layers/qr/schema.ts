import { z } from 'zod';
import { ColorSchema, ExtentPxSchema } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { QR_CAPACITY_BYTES } from './capacity.js';

/** A QR code (ISO/IEC 18004). */
export const QrLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('qr'),
  text: z.string().min(1).max(QR_CAPACITY_BYTES.L).meta({
    description:
      'Content of the code in UTF-8: at most 2953, 2331, 1663 or 1273 bytes at the levels L, M, Q and H.',
    example: 'https://example.com/lots/42',
  }),
  level: z.enum(['L', 'M', 'Q', 'H']).default('M').meta({
    description:
      'Error correction level. L, M, Q and H recover 7, 15, 25 and 30 percent of the code.',
  }),
  width: ExtentPxSchema.default(256).meta({
    description:
      'Width of the layer. The code is centred and as large as fits with modules of whole pixels. A module must have at least 2 pixels on air.',
  }),
  height: ExtentPxSchema.default(256),
  margin: z
    .int()
    .min(0)
    .max(16)
    .default(4)
    .meta({ description: 'Width of the quiet zone in modules. QR readers expect 4.' }),
  dark: ColorSchema.default('#000000'),
  light: ColorSchema.default('#ffffff').meta({
    description: 'Colour of the light modules and of the quiet zone; may be transparent.',
  }),
});
export type QrLayer = z.infer<typeof QrLayerSchema>;
