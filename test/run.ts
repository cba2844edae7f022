import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FONT_FOLDERS } from '../src/fonts/system-fonts.js';
import { unpackTestFonts } from './support/test-fonts.js';

/**
 * Runs compiled test files with Node's own runner:
 *
 *     node dist/test/run.js unit                   all but test/integration and test/image
 *     node dist/test/run.js integration            test/integration: what waits side by side, then what measures, alone
 *     node dist/test/run.js image                  test/image, which needs the image that `npm run test:image` builds
 *     node dist/test/run.js preview scene/damage   the files whose paths hold one of these
 *
 * Arguments that start with `--` go to Node, such as --test-name-pattern=late.
 */
const TEST_ROOT = dirname(fileURLToPath(import.meta.url));
const INTEGRATION = /^integration\//;
const IMAGE = /^image\//;
/**
 * Integration tests that need the machine for themselves: those which hold that no slot of the clock is lost, that an answer or a
 * thread is there within seconds, or that nothing is found to hang but what was made to. The others mostly wait, for FFmpeg, for limits
 * of time and for the clock of a stream.
 */
const NEEDS_THE_MACHINE =
  /^integration\/(hostile-uploads|failures\/(each|sequences)|service-(main-thread-blocked|scene-on-air|sound|tracks|video|inputs|pages)|bench-smoke)\.test\.js$/;
/** A file of tests ends within this, as does each test in it: room for real servers on a busy machine. */
const TIMEOUT_MS = 300_000;

function selectFiles(patterns: readonly string[]): string[] {
  const files = readdirSync(TEST_ROOT, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.js'))
    .sort();
  return files.filter((path) =>
    patterns.some((pattern) => {
      if (pattern === 'unit') return !INTEGRATION.test(path) && !IMAGE.test(path);
      if (pattern === 'integration') return INTEGRATION.test(path);
      if (pattern === 'image') return IMAGE.test(path);
      return path.includes(pattern.replace(/^(dist\/)?test\//, '').replace(/\.(ts|js)$/, ''));
    }),
  );
}

const args = process.argv.slice(2);
const patterns = args.filter((arg) => !arg.startsWith('--'));
const files = selectFiles(patterns.length > 0 ? patterns : ['unit', 'integration']);
if (files.length === 0) {
  process.stderr.write(`No test file fits "${patterns.join(' ')}" in ${TEST_ROOT}.\n`);
  process.exit(1);
}

/** Files that run with so many of them at a time. */
type Group = { readonly concurrency: number; readonly files: readonly string[] };

/** In the order in which they run, one after the other. */
function toGroups(all: readonly string[]): Group[] {
  const isAlone = (path: string): boolean => IMAGE.test(path) || NEEDS_THE_MACHINE.test(path);
  const isUnit = (path: string): boolean => !isAlone(path) && !INTEGRATION.test(path);
  // One more than there are processors: some file always waits for something.
  const processors = availableParallelism();
  return [
    { concurrency: processors + 1, files: all.filter(isUnit) },
    // Whole services, each with its own encoder.
    { concurrency: processors, files: all.filter((path) => !isAlone(path) && !isUnit(path)) },
    { concurrency: 1, files: all.filter(isAlone) },
  ].filter((group) => group.files.length > 0);
}

let running: ChildProcess | null = null;
const stop = new AbortController();
// The child is in the same terminal and gets the signal too; this process waits for its verdict.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stop.abort();
    running?.kill(signal);
  });
}

/** Runs a group to its end. Answers how its runner has ended; a signal has no code. */
function runGroup({ concurrency, files: own }: Group): Promise<number | null> {
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${TIMEOUT_MS}`,
      ...args.filter((arg) => arg.startsWith('--')),
      ...own.map((path) => join(relative(process.cwd(), TEST_ROOT), path)),
    ],
    // The fonts of packages stand for those of the system: what is drawn does not depend on what is installed.
    { stdio: 'inherit', env: { ...process.env, [FONT_FOLDERS]: unpackTestFonts() } },
  );
  running = child;
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`The test runner could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      if (signal !== null) process.stderr.write(`The test runner was ended by ${signal}.\n`);
      resolve(code);
    });
  });
}

for (const group of toGroups(files)) {
  const code = await runGroup(group);
  if (code !== 0) process.exitCode = code ?? 1;
  if (stop.signal.aborted || code === null) break;
}
