/**
 * `npm run dev`: compiles whatever is saved and starts the service anew with it.
 * Plain JavaScript without dependencies, because it must outlive every mistake in the sources that it watches.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** An editor saves in several steps; this long after the last one the work begins. */
const SETTLE_MS = 150;
/** How long the service may take to close before it is killed. */
const CLOSE_MS = 10_000;

/** The running service, or null. */
let service = null;
/** The end of the restart under way: restarts run one after the other. */
let restarting = Promise.resolve();
let restartPlanned = null;
let kernelsPlanned = null;
let leaving = false;

function say(text) {
  process.stdout.write(`dev: ${text}\n`);
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function startService() {
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
    cwd: ROOT,
    stdio: 'inherit',
    // As npm start sets them; see src/core/allocator.ts.
    env: {
      ...process.env,
      MALLOC_ARENA_MAX: '2',
      MALLOC_MMAP_THRESHOLD_: '1048576',
      MALLOC_TRIM_THRESHOLD_: '1048576',
    },
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  service = { child, exited };
  child.once('exit', (code, signal) => {
    if (service?.child !== child) return;
    service = null;
    if (!leaving) say(`the service ended (${code ?? signal}); waiting for a change`);
  });
}

async function stopService() {
  if (service === null) return;
  const { child, exited } = service;
  service = null;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
  await exited;
  clearTimeout(timer);
}

function planRestart() {
  clearTimeout(restartPlanned);
  restartPlanned = setTimeout(() => {
    restarting = restarting.then(async () => {
      await stopService();
      if (!leaving) startService();
    });
  }, SETTLE_MS);
}

function planKernels() {
  clearTimeout(kernelsPlanned);
  kernelsPlanned = setTimeout(async () => {
    say('building the kernels');
    if ((await run('npm', ['run', '--silent', 'build:kernels'])) === 0) planRestart();
  }, SETTLE_MS);
}

const compiler = spawn(
  process.execPath,
  [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.', '--watch', '--preserveWatchOutput'],
  { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
);
compiler.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  if (/Found 0 errors/.test(String(chunk))) planRestart();
});
const kernels = watch(join(ROOT, 'workers', 'kernels'), planKernels);

async function leave() {
  if (leaving) return;
  leaving = true;
  clearTimeout(restartPlanned);
  clearTimeout(kernelsPlanned);
  kernels.close();
  compiler.kill();
  await restarting;
  await stopService();
}

compiler.on('exit', (code) => {
  if (!leaving) say(`the compiler ended (${code})`);
  void leave();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void leave());
