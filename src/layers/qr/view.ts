import { modulePxProblem } from './module-size.js';
import { toContent } from '../../render/content.js';
import { decorationOf, toPiece, type ViewOf } from '../../render/piece.js';
import type { QrLayer } from './schema.js';
import { noSpans, type KindView } from '../kind-view.js';

/** A QR code. It fails when its modules are so small that nobody could read it. */
export const viewQr: ViewOf<QrLayer> = (layer, context, compiled) => {
  // By the largest that it comes to be: one that grows into sight may begin as a dot. Stills may be small.
  const problem = modulePxProblem(layer, compiled.largest('scale', layer.scale));
  const { width, height, text, level, dark, light } = layer;
  // A field that moves may stop between two whole numbers, or overshoot.
  const margin = Math.max(0, Math.round(layer.margin));
  const drawing = { kind: 'qr', text, level, margin, dark, light } as const;
  const content = toContent(drawing, decorationOf(layer), { width, height }, context.scale);
  return {
    width,
    height,
    pieces: [toPiece('qr', content)],
    problem: problem === null ? null : `The code ${problem}.`,
  };
};

/** How the kind is drawn. */
export const QR_VIEW: KindView<QrLayer> = {
  create: () => viewQr,
  dependsOn: 'nothing',
  pictures: null,
  spans: noSpans,
  size: 'own',
  isStretched: false,
};
