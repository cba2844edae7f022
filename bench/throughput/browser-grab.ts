import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import { FFMPEG_PATH } from '../ffmpeg.js';
import type { Speed } from '../frame-window.js';
import { readTreeUsage } from '../process-tree.js';
import { FORMAT, WARM_UP_FRAMES } from './contender.js';

/** What many do today: the scene as a page in Chromium, on a screen that exists in memory only, grabbed by FFmpeg. */

const DISPLAY = ':97';
const SCREEN_FILE = '/tmp/.X11-unix/X97';
const START_MS = 10_000;
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

function findProgram(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Whether Chromium and Xvfb are installed. */
export function canGrabBrowser(): boolean {
  return findProgram(BROWSERS) !== null && findProgram(['Xvfb']) !== null;
}

/** Moves the pictures of a scene as its animations say; counts the frames that the browser draws. */
const RUNNER = `
const EASINGS = {
  linear: (t) => t,
  'ease-in-sine': (t) => 1 - Math.cos((t * Math.PI) / 2),
  'ease-out-sine': (t) => Math.sin((t * Math.PI) / 2),
  'ease-in-out-sine': (t) => (1 - Math.cos(t * Math.PI)) / 2,
};
function valueAt({ keyframes }, timeMs) {
  const t = timeMs % keyframes.at(-1).atMs;
  const i = keyframes.findIndex(({ atMs }) => atMs > t) - 1;
  const [from, to] = [keyframes[i], keyframes[i + 1]];
  const share = (t - from.atMs) / (to.atMs - from.atMs);
  return from.value + (to.value - from.value) * EASINGS[from.easing ?? 'linear'](share);
}
window.frames60 = 0;
function draw(timeMs) {
  window.frames60 += 1;
  for (const layer of LAYERS) {
    const now = { x: layer.x, y: layer.y, scale: 1, rotation: 0 };
    for (const animation of layer.animations) now[animation.property] = valueAt(animation, timeMs);
    layer.element.style.transform =
      'translate(' + now.x + 'px,' + now.y + 'px) rotate(' + now.rotation + 'deg) scale(' + now.scale + ') translate(-50%,-50%)';
  }
  requestAnimationFrame(draw);
}
for (const layer of LAYERS) layer.element = document.getElementById(layer.id);
Promise.all(LAYERS.map(({ element }) => element.decode())).then(() => requestAnimationFrame(draw));
`;

/** A page that shows a scene of moving pictures; their files are in `folder`, as `asset`.jpg. */
function pageOf({ background, layers }: SceneInput, folder: string): string {
  const pictures = (layers ?? []).flatMap((layer) =>
    layer.type === 'image'
      ? [{ id: layer.id, asset: layer.asset, x: layer.x, y: layer.y, animations: layer.animations }]
      : [],
  );
  const elements = pictures.map(
    ({ id, asset }) => `<img id="${id}" src="file://${join(folder, `${asset}.jpg`)}">`,
  );
  const style = `body{margin:0;overflow:hidden;background:${typeof background === 'string' ? background : '#000'}}img{position:absolute;left:0;top:0;transform-origin:0 0;will-change:transform}`;
  return `<!doctype html><style>${style}</style>${elements.join('')}<script>const LAYERS = ${JSON.stringify(pictures)};${RUNNER}</script>`;
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function openScreen(): Promise<ChildProcess> {
  const size = `${FORMAT.width}x${FORMAT.height}x24`;
  const screen = spawn('Xvfb', [DISPLAY, '-screen', '0', size, '-nocursor'], { stdio: 'ignore' });
  for (let waitedMs = 0; !existsSync(SCREEN_FILE); waitedMs += 50) {
    if (waitedMs > START_MS || !isAlive(screen)) throw new Error('Xvfb did not start.');
    await sleep(50);
  }
  return screen;
}

export type GrabOptions = {
  /** Gets the page. */
  readonly folder: string;
  readonly seconds: number;
  /** Of FFmpeg: codecs and where to. */
  readonly outputArgs: readonly string[];
};

/** `measurePageGrab` with a page that shows a scene of moving pictures, which are in the folder. */
export function measureBrowserGrab({
  scene,
  ...options
}: GrabOptions & { readonly scene: SceneInput }): Promise<Speed> {
  return measurePageGrab({ html: pageOf(scene, options.folder), ...options });
}

/**
 * Frames that the browser draws in a second, at most sixty, and what one costs with grabbing and encoding.
 * @param html - a page that counts in `window.frames60` the frames that are drawn
 */
export async function measurePageGrab({
  html,
  folder,
  seconds,
  outputArgs,
}: GrabOptions & { readonly html: string }): Promise<Speed> {
  const path = join(folder, 'page.html');
  await writeFile(path, html);
  const screen = await openScreen();
  const size = `${FORMAT.width},${FORMAT.height}`;
  const browser = await chromium.launch({
    executablePath: findProgram(BROWSERS) ?? 'chromium',
    headless: false,
    env: { ...process.env, DISPLAY },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--kiosk',
      '--window-position=0,0',
      `--window-size=${size}`,
      '--disable-background-networking',
    ],
  });
  // prettier-ignore
  const grab = spawn(FFMPEG_PATH, ['-hide_banner', '-nostdin', '-v', 'error',
    '-f', 'x11grab', '-framerate', '60', '-video_size', `${FORMAT.width}x${FORMAT.height}`, '-draw_mouse', '0',
    '-i', DISPLAY, ...outputArgs], { stdio: 'ignore' });
  try {
    const page = await browser.newPage({ viewport: null });
    await page.goto(`file://${path}`);
    const frames = async (): Promise<number> => Number(await page.evaluate('window.frames60'));
    while ((await frames()) < WARM_UP_FRAMES) await sleep(50);
    const cpuSeconds = async (): Promise<number> => (await readTreeUsage(process.pid)).cpuSeconds;
    const [before, cpuBefore, startMs] = [await frames(), await cpuSeconds(), performance.now()];
    await sleep(seconds * 1000);
    const [after, cpuAfter, endMs] = [await frames(), await cpuSeconds(), performance.now()];
    if (!isAlive(grab)) throw new Error('FFmpeg could not grab the screen.');
    const drawn = after - before;
    return {
      fps: (drawn * 1000) / (endMs - startMs),
      cpuMsPerFrame: ((cpuAfter - cpuBefore) * 1000) / drawn,
    };
  } finally {
    await browser.close();
    await end(grab);
    await end(screen);
  }
}
