import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './machine.js';
import { parseOptions, type BenchOptions } from './options.js';
import type { BenchContext, Part } from './part.js';
import { readTreeUsage } from './process-tree.js';
import { formatTable, toResult, type ReportDocument, type Result } from './report.js';
import { audioPart } from './audio/audio-part.js';
import { cachePart } from './cache/cache-part.js';
import { fanoutPart } from './fanout/fanout-part.js';
import { memoryPart } from './memory/memory-part.js';
import { microPart } from './micro/micro-part.js';
import { chatPart } from './service/chat-part.js';
import { densityPart } from './service/density-part.js';
import { heaviestPart } from './service/heaviest-part.js';
import { latencyPart } from './service/latency-part.js';
import { livePart } from './service/live-part.js';
import { soakPart } from './service/soak-part.js';
import { soundPart } from './service/sound-part.js';
import { qualityPart } from './quality/quality-part.js';
import { sheetPart } from './sheet/sheet-part.js';
import { textPart } from './text/text-part.js';
import { videoPart } from './video/video-part.js';
import { videoSoakPart } from './video/video-soak-part.js';
import { throughputPart } from './throughput/throughput-part.js';

/** Every part, in the order in which they run. */
const PARTS: readonly Part[] = [
  microPart,
  audioPart,
  throughputPart,
  livePart,
  soundPart,
  videoPart,
  chatPart,
  latencyPart,
  fanoutPart,
  densityPart,
  cachePart,
  memoryPart,
  heaviestPart,
  soakPart,
  videoSoakPart,
  sheetPart,
  qualityPart,
  textPart,
];

async function runParts(options: BenchOptions, root: string, results: Result[]): Promise<boolean> {
  let isWhole = true;
  for (const part of PARTS) {
    if (options.parts.length === 0 ? part.isExtra === true : !options.parts.includes(part.name))
      continue;
    const folder = join(root, part.name);
    await mkdir(folder);
    const progress = (line: string): void => {
      process.stderr.write(`[${part.name}] ${line}\n`);
    };
    const context: BenchContext = {
      seconds: options.seconds,
      quick: options.quick,
      scenes: options.scenes,
      outPath: options.outPath,
      folder,
      progress,
      record: (name, value, unit, target = null) => {
        const result = toResult(`${part.name}.${name}`, value, unit, target);
        results.push(result);
        progress(`${result.name} = ${result.value} ${unit}`);
      },
    };
    progress(part.summary);
    try {
      await part.run(context);
    } catch (error) {
      isWhole = false;
      progress(
        `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return isWhole;
}

/** Ends everything that the benchmark has started, then itself. */
async function abandon(root: string): Promise<void> {
  const { pids } = await readTreeUsage(process.pid);
  for (const pid of pids.filter((one) => one !== process.pid)) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended by itself meanwhile.
    }
  }
  await rm(root, { recursive: true, force: true });
  process.exit(130);
}

/** @returns whether every part came to its end; a missed target is no failure, but a line in the table */
async function main(): Promise<boolean> {
  const options = parseOptions(
    process.argv.slice(2),
    PARTS.map(({ name }) => name),
  );
  const machine = await describeMachine();
  const results: Result[] = [];
  const root = await mkdtemp(join(tmpdir(), 'stream-manager-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void abandon(root));
  }
  const isWhole = await runParts(options, root, results);
  await rm(root, { recursive: true, force: true });
  const { cpu, cores, system } = machine.machine;
  console.log(`\n${cpu}, ${cores} cores, ${system}, commit ${machine.commit ?? 'unknown'}`);
  console.log(`\n${formatTable(results)}\n`);
  if (options.jsonPath !== null) {
    const document: ReportDocument = { ...machine, results };
    await writeFile(options.jsonPath, `${JSON.stringify(document, null, 2)}\n`);
  }
  return isWhole;
}

main().then(
  (isWhole) => {
    process.exitCode = isWhole ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
