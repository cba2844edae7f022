import { dataAddressOf, readDataAddress } from '../svg/data-address.js';
import { drawSvg, WHOLE } from '../svg/draw.js';
import { takeSvg, type SvgTools } from '../svg/take.js';
import { numberOf, objectsIn, textOf, type JsonObject } from './json.js';

/** A picture of one transparent pixel, in the place of one that is elsewhere. */
const NOTHING =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';

/** Longest side of a drawing in an animation, pixels. */
const MAX_DRAWING_PX = 2048;

/** Encodes pixels R G B A, premultiplied. */
export type EncodePng = (rgba: Buffer, width: number, height: number) => Promise<Buffer>;

export type LottieTools = SvgTools & { readonly encodePng: EncodePng };

/**
 * Looks at the pictures that stand in an animation, in place; those in files of their own are left out.
 * @param notDrawn - gets a line for these
 * @throws AppError when one of them is damaged or too large
 */
export async function settlePictures(
  animation: JsonObject,
  tools: LottieTools,
  notDrawn: Set<string>,
): Promise<void> {
  for (const asset of objectsIn(animation['assets'])) {
    const address = textOf(asset['p']);
    if (address === null) continue;
    // What stands in the file needs no folder, whatever is written there.
    asset['u'] = '';
    asset['e'] = 1;
    const data = readDataAddress(address);
    if (data === null || !data.mediaType.startsWith('image/')) {
      notDrawn.add(
        data === null
          ? 'pictures in separate files: export the animation with embedded pictures'
          : `${data.mediaType.slice(0, 40)} in it`,
      );
      asset['p'] = NOTHING;
    } else if (data.mediaType === 'image/svg+xml') {
      asset['p'] = await drawn(asset, data.bytes, tools, notDrawn);
    } else {
      const picture = await tools.embedPicture(data.bytes);
      asset['p'] = dataAddressOf(picture.mediaType, picture.bytes);
    }
  }
}

async function drawn(
  asset: JsonObject,
  bytes: Buffer,
  tools: LottieTools,
  notDrawn: Set<string>,
): Promise<string> {
  const taken = await takeSvg(bytes, tools);
  for (const what of taken.notDrawn) notDrawn.add(what);
  const side = (key: string, own: number): number =>
    Math.round(Math.min(MAX_DRAWING_PX, Math.max(1, numberOf(asset[key]) ?? own)));
  const [width, height] = [side('w', taken.width), side('h', taken.height)];
  const { rgba } = await drawSvg(taken.outlined ?? taken.clean, WHOLE, width, height);
  return dataAddressOf('image/png', await tools.encodePng(rgba, width, height));
}
