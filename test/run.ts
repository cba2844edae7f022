import { spawn } from 'node:child_process';
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
 *     node dist/test/run.js integration            test/integration, one file after the other
 *     node dist/test/run.js image                  test/image, which needs the image that `npm run test:image` builds
 *     node dist/test/run.js preview scene/damage   the files whose paths hold one of these
 *
 * Arguments that start with `--` go to Node, such as --test-name-pattern=late.
 */
const TEST_ROOT = dirname(fileURLToPath(import.meta.url));
const INTEGRATION = /^integration\//;
const IMAGE = /^image\//;
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

// Integration tests start whole programs and look at time: two at once would only disturb each other.
const concurrency = files.some((path) => INTEGRATION.test(path) || IMAGE.test(path))
  ? 1
  : availableParallelism();
const child = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${TIMEOUT_MS}`,
    ...args.filter((arg) => arg.startsWith('--')),
    ...files.map((path) => join(relative(process.cwd(), TEST_ROOT), path)),
  ],
  // The fonts of packages stand for those of the system: what is drawn does not depend on what is installed.
  { stdio: 'inherit', env: { ...process.env, [FONT_FOLDERS]: unpackTestFonts() } },
);
// The child is in the same terminal and gets the signal too; this process waits for its verdict.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void child.kill(signal));
}
child.on('error', (error) => {
  process.stderr.write(`The test runner could not be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
