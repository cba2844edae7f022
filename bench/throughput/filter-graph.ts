import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AUCTION_ASSET_IDS,
  CHAT_LINES,
  FIRST_BID_ETH,
  TICKER_GAP_PX,
  TICKER_SPEED,
  TICKER_TEXT,
  TITLE_TEXT,
} from '../../src/demo/auction.js';
import {
  BACKGROUND_MOTION,
  FULL_MOTION_ASSET_IDS,
  SPRITE_MOTIONS,
} from '../../src/demo/full-motion.js';
import type { ReferenceName } from '../reference-scene.js';
import { PANEL_PICTURE, STRIP_PICTURE } from '../picture-files.js';

/** The reference scenes as FFmpeg filter graphs, layer by layer, composed in YUV 4:2:0. */
export type FilterGraph = {
  /** Arguments for the inputs, in the order in which the graph counts them. */
  readonly inputs: readonly string[];
  readonly graph: string;
};

/**
 * `looped`: every picture is an input with `-loop 1`, as FFmpeg's documentation and most scripts have it; FFmpeg
 * decodes and converts it again for each frame. `tuned`: pictures are decoded and brought to YUV once and repeated
 * as frames.
 */
export type GraphStyle = 'looped' | 'tuned';

const FONT_FOLDER = 'node_modules/@fontsource/inter/files';
const TO_BT709 = 'scale=out_color_matrix=bt709:out_range=tv';
const OPAQUE = `${TO_BT709},format=yuv420p`;
const TRANSLUCENT = `${TO_BT709},format=yuva420p`;
/** One picture for ever, without decoding it again. */
const FOR_EVER = 'loop=loop=-1:size=1';
/** A square of 200 that turns needs 284 each way. */
const TURNING_PAD = 'pad=284:284:42:42:color=black@0';

type TextStyle = { size: number; color: string; x: string; y: number; weight?: 400 | 700 };

function drawText(source: string, { size, color, x, y, weight = 400 }: TextStyle): string {
  const font = `${FONT_FOLDER}/inter-latin-${weight}-normal.woff`;
  return `drawtext=fontfile=${font}:${source}:fontsize=${size}:fontcolor=${color}:x='${x}':y=${y}`;
}

/** Puts a text into a file: no character of it has to be escaped then. */
async function fixedText(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.txt`);
  await writeFile(path, text);
  return `expansion=none:textfile='${path}'`;
}

function pictureInputs(folder: string, names: readonly string[]): string[] {
  return names.flatMap((name) => ['-framerate', '60', '-i', join(folder, `${name}.png`)]);
}

/** The text twice, one behind the other, so that it wraps. */
async function ticker(folder: string): Promise<string> {
  const text = await fixedText(folder, 'ticker', TICKER_TEXT);
  const loop = `mod(t*${TICKER_SPEED},tw+${TICKER_GAP_PX})`;
  const style = { size: 36, color: 'white', y: 1012 };
  return [
    drawText(text, { ...style, x: `-${loop}` }),
    drawText(text, { ...style, x: `tw+${TICKER_GAP_PX}-${loop}` }),
  ].join(',');
}

function twoDigits(expression: string): string {
  return `%{eif\\:${expression.replaceAll(',', '\\,')}\\:d\\:2}`;
}

async function auctionGraph(folder: string, isMoving: boolean): Promise<FilterGraph> {
  const { background, host, artwork, badge } = AUCTION_ASSET_IDS;
  const chat = await Promise.all(
    CHAT_LINES.map(async (line, i) =>
      drawText(await fixedText(folder, `chat-${i}`, line), {
        size: 26,
        color: 'white',
        x: '1440',
        y: 180 + 40 * i,
      }),
    ),
  );
  const title = await fixedText(folder, 'title', TITLE_TEXT);
  const clock = [
    twoDigits('trunc(t/3600)'),
    twoDigits('mod(trunc(t/60),60)'),
    twoDigits('mod(trunc(t),60)'),
  ].join('\\:');
  const texts = [
    drawText(title, { size: 56, color: 'white', x: '720', y: 60, weight: 700 }),
    ...(isMoving
      ? [
          drawText(`text='Current bid %{eif\\:${FIRST_BID_ETH}+t\\:d} ETH'`, {
            size: 64,
            color: '#ffd84a',
            x: '720',
            y: 840,
            weight: 700,
          }),
          drawText(`text='${clock}.${twoDigits('mod(trunc(t*100),100)')}'`, {
            size: 40,
            color: 'white',
            x: '1500',
            y: 60,
          }),
        ]
      : []),
    ...chat,
  ].join(',');
  const hostY = isMoving ? "'240+20*sin(3*t)':eval=frame" : '240:eval=init';
  const turn = isMoving ? `,${FOR_EVER},rotate=t:c=black@0` : '';
  return {
    inputs: pictureInputs(folder, [background, host, artwork, badge, PANEL_PICTURE, STRIP_PICTURE]),
    graph: [
      `[0:v]${OPAQUE},${FOR_EVER}[background]`,
      `[1:v]${TRANSLUCENT}[host]`,
      `[2:v]${OPAQUE}[artwork]`,
      `[3:v]${TRANSLUCENT},${TURNING_PAD}${turn}[badge]`,
      `[4:v]${TRANSLUCENT}[panel]`,
      `[5:v]${TRANSLUCENT}[strip]`,
      `[background][host]overlay=x=60:y=${hostY}[a]`,
      `[a][artwork]overlay=x=720:y=160:eval=init[b]`,
      `[b][badge]overlay=x=1198:y=38:eval=init[c]`,
      `[c][panel]overlay=x=1420:y=160:eval=init,${texts}[d]`,
      `[d][strip]overlay=x=0:y=1000:eval=init${isMoving ? `,${await ticker(folder)}` : ''}[out]`,
    ].join(';'),
  };
}

async function fullMotionGraph(folder: string): Promise<FilterGraph> {
  const { zoomTo, zoomMs, amplitudeX, amplitudeY, periodXMs, periodYMs } = BACKGROUND_MOTION;
  const sine = (amplitude: number, periodMs: number, time: string): string =>
    `${amplitude}*sin(2*PI*${time}*1000/${periodMs})`;
  const scale = `(1+${zoomTo - 1}*(1-abs(mod(on/60*1000/${zoomMs},2)-1)))`;
  const pan = [
    `z='1.2*${scale}':d=1:s=1920x1080:fps=60`,
    `x='iw/2-iw/zoom/2-${sine(amplitudeX, periodXMs, 'on/60')}/${scale}'`,
    `y='ih/2-ih/zoom/2-${sine(amplitudeY, periodYMs, 'on/60')}/${scale}'`,
  ].join(':');
  const sprites = SPRITE_MOTIONS.flatMap((motion, i) => {
    const angle = `${motion.degrees > 0 ? '' : '-'}2*PI*t*1000/${motion.turnMs}`;
    const x = `${motion.centreX - 142}+${sine(motion.amplitudeX, motion.periodXMs, 't')}`;
    const y = `${motion.centreY - 142}+${sine(motion.amplitudeY, motion.periodYMs, 't')}`;
    return [
      `[${i + 1}:v]${TRANSLUCENT},${TURNING_PAD},${FOR_EVER},rotate='${angle}':c=black@0[sprite${i}]`,
      `[frame${i}][sprite${i}]overlay=x='${x}':y='${y}':eval=frame[frame${i + 1}]`,
    ];
  });
  return {
    inputs: pictureInputs(folder, [
      FULL_MOTION_ASSET_IDS.background,
      ...FULL_MOTION_ASSET_IDS.sprites,
    ]),
    graph: [
      `[0:v]${OPAQUE},${FOR_EVER},zoompan=${pan}[frame0]`,
      ...sprites,
      `[frame${SPRITE_MOTIONS.length}]${await ticker(folder)}[out]`,
    ].join(';'),
  };
}

/** The same scene with every picture as an input that FFmpeg reads again and again. */
function toLooped({ inputs, graph }: FilterGraph): FilterGraph {
  return {
    inputs: inputs.flatMap((arg) => (arg === '-framerate' ? ['-loop', '1', arg] : [arg])),
    graph: graph.replaceAll(`,${FOR_EVER}`, ''),
  };
}

/**
 * The filter graph of a reference scene.
 * @param folder where `writePictureFiles` has put the pictures; the texts are written there too
 */
export async function filterGraph(
  scene: ReferenceName,
  folder: string,
  style: GraphStyle,
): Promise<FilterGraph> {
  const tuned = await (scene === 'full-motion'
    ? fullMotionGraph(folder)
    : auctionGraph(folder, scene === 'auction'));
  return style === 'tuned' ? tuned : toLooped(tuned);
}
