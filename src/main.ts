import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { startApp, type App } from './app.js';
import { parseConfig, type Config } from './config.js';
import { loadEnvironment } from './environment.js';
import { FONT_FOLDERS } from './fonts/system-fonts.js';
import { keepHeapsSmall } from './core/allocator.js';
import { AppError } from './core/errors.js';
import { sharedLogRing } from './core/log-ring.js';
import { startLogWriter } from './core/log-writer.js';
import { PACKAGE_ROOT } from './core/paths.js';

/** Process entry: configuration, the service, signals, and a few lines for whoever started it. */

/** Longer than the sum of what the parts may take to close. */
const CLOSE_TIMEOUT_MS = 20_000;

const startedAtMs = performance.now();

function say(text: string): void {
  // Not straight to standard output: the main thread must not wait for whoever reads it either.
  sharedLogRing()?.push(`${text}\n`);
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

function explain(error: unknown): void {
  if (error instanceof AppError && error.code !== 'SM_INTERNAL')
    process.stderr.write(`\n${error.message}\n`);
  else
    process.stderr.write(
      `\nStream Manager could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
}

function announce({ host }: Config, { ports: [port], playUrl }: App): void {
  const shownHost =
    host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const web = `http://${shownHost}:${port ?? 0}`;
  say('');
  say(`  Stream Manager is up (${((performance.now() - startedAtMs) / 1000).toFixed(1)} s)`);
  say('');
  say(`  API       ${web}/api/stream/status`);
  say(`  Docs      ${web}/docs`);
  say(`  Preview   ${web}/`);
  if (playUrl !== null) say(`  Watch     ffplay ${playUrl}`);
  say('');
}

try {
  keepHeapsSmall();
  const config = parseConfig(loadEnvironment('.env', process.env));
  const logWriter = startLogWriter(config.logLevel);
  // Threads and decoder processes take it from the environment, also when it stands in the file.
  if (config.fontFolders !== null) process.env[FONT_FOLDERS] = config.fontFolders;
  const starting = startApp({
    config,
    version: readVersion(),
    commit: process.env['GIT_COMMIT'] ?? 'unknown',
    logWriter,
    onStep: (step) => {
      if (process.stdout.isTTY) say(`  … ${step}`);
    },
    onGivenUp: (troubles) => {
      process.stderr.write(
        `The service exits in order to be restarted (EXIT_WHEN_FAILING_SECONDS): ${troubles.join(' ')}\n`,
      );
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    },
  });
  // Also while it starts: whoever ends it then finds nothing left behind.
  const signals = closeWithGrace({ delay: CLOSE_TIMEOUT_MS, logger: false }, async ({ err }) => {
    if (err !== undefined)
      process.stderr.write(
        `The service exits because of an internal error: ${err.stack ?? err.message}\n`,
      );
    const started = await starting.catch(() => null);
    await started?.close();
  });
  // A start that fails ends by itself, with its own code.
  starting.catch(() => {
    signals.uninstall();
  });
  announce(config, await starting);
} catch (error) {
  explain(error);
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 1000).unref();
}
