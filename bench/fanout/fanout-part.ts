import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCanvas, registerShippedFonts } from '../../src/render/canvas.js';
import { Child } from '../child.js';
import type { BenchContext, Part } from '../part.js';
import { writePictureFiles } from '../picture-files.js';
import { readTreeUsage } from '../process-tree.js';
import { median } from '../statistics.js';
import { createPainter } from '../throughput/canvas-painter.js';
import type { ServerAnswer, ServerKind, ServerRequest, ServerTask } from './server-process.js';
import { Viewers } from './viewers.js';

const SERVER = new URL('./server-process.js', import.meta.url);
const KINDS: readonly ServerKind[] = ['ours', 'uws', 'ws'];

/** What one server did in one round. */
type Sample = {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly messagesPerCpuSecond: number;
};

/** The frame of `auction` that everybody sends: 640x360, as most previews are. */
async function writeJpeg(folder: string): Promise<string> {
  registerShippedFonts();
  await writePictureFiles(folder);
  const paint = await createPainter('auction', folder);
  const canvas = createCanvas(640, 360);
  const context = canvas.getContext('2d');
  context.scale(1 / 3, 1 / 3);
  paint(context, 1);
  const path = join(folder, 'picture.jpg');
  await writeFile(path, await canvas.encode('jpeg', 75));
  return path;
}

async function measure(task: ServerTask, connections: number, seconds: number): Promise<Sample> {
  const child = new Child<ServerRequest, ServerAnswer>(SERVER);
  const cpuSeconds = async (): Promise<number> => (await readTreeUsage(child.pid)).cpuSeconds;
  let viewers: Viewers | null = null;
  try {
    const address = await child.ask({ type: 'serve', task });
    viewers = await Viewers.open({ ...address, connections });
    child.tell({ type: 'pump' });
    await sleep(Math.min(500, seconds * 500));
    const [cpuBefore, before] = [await cpuSeconds(), await viewers.read()];
    await sleep(seconds * 1000);
    const [cpuAfter, after] = [await cpuSeconds(), await viewers.read()];
    const rates = Viewers.rates(before, after);
    if (rates.open < connections) throw new Error(`${task.kind} has lost viewers.`);
    const cpu = Math.max(0.01, cpuAfter - cpuBefore);
    return { ...rates, messagesPerCpuSecond: (after.messages - before.messages) / cpu };
  } finally {
    await viewers?.close();
    child.tell({ type: 'close' });
    await child.ended();
  }
}

/** How many preview pictures a second reach their viewers when there are more than can be sent. */
export const fanoutPart: Part = {
  name: 'fanout',
  summary: 'preview pictures to many viewers, against the bare server and the ws package',
  async run(context: BenchContext): Promise<void> {
    const jpegPath = await writeJpeg(context.folder);
    const seconds = context.seconds ?? (context.quick ? 0.5 : 4);
    const rounds = context.quick ? 1 : 5;
    const connections = context.quick ? 20 : 200;
    const samples = new Map(KINDS.map((kind) => [kind, [] as Sample[]]));
    for (let round = 1; round <= rounds; round++) {
      for (const kind of KINDS) {
        const folder = join(context.folder, `${kind}-${round}`);
        await mkdir(folder);
        const sample = await measure({ kind, folder, jpegPath }, connections, seconds);
        samples.get(kind)?.push(sample);
        context.progress(
          `round ${round} of ${rounds}: ${kind} ${sample.messagesPerSecond.toFixed(0)} pictures/s`,
        );
      }
    }
    const values = (kind: ServerKind, field: keyof Sample): number[] =>
      (samples.get(kind) ?? []).map((sample) => sample[field]);
    const ratio = (other: ServerKind, field: keyof Sample): number =>
      median(values('ours', field).map((own, i) => own / (values(other, field)[i] ?? 0)));
    context.record('vs_raw_uws', ratio('uws', 'messagesPerSecond'), 'ratio', { atLeast: 0.9 });
    context.record('vs_ws', ratio('ws', 'messagesPerSecond'), 'ratio');
    context.record('per_cpu.vs_raw_uws', ratio('uws', 'messagesPerCpuSecond'), 'ratio');
    context.record('per_cpu.vs_ws', ratio('ws', 'messagesPerCpuSecond'), 'ratio');
    for (const kind of KINDS) {
      context.record(`${kind}.pictures`, median(values(kind, 'messagesPerSecond')), '1/s');
    }
    context.record('ours.traffic', median(values('ours', 'bytesPerSecond')) / 1e6, 'MB/s');
  },
};
