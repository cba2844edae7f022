/**
 * Puts everything in place that `npm start`, `npm run dev`, `npm run bench`, with `--test` what `npm test` and with
 * `--image` what `npm run test:image` needs:
 * npm packages from the lock file, FFmpeg, the peers of the tests, and a build that is as new as the sources.
 * Plain JavaScript without dependencies, because it runs before anything is installed or compiled.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { delimiter, dirname, extname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
// As a whole: an old Node has no parseEnv, and shall get as far as being told that it is old.
import * as util from 'node:util';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK_FILE = join(ROOT, '.build', 'setup.lock');
const PACKAGES_STAMP = join(ROOT, 'node_modules', '.stream-manager-lock');
const BUILD_STAMP = join(ROOT, 'dist', '.build-stamp');
const KERNELS = join(ROOT, 'dist', 'workers', 'kernels.wasm');
const SOURCE_FOLDERS = ['src', 'workers', 'bench', 'test'];
const SOURCE_ENDINGS = new Set(['.ts', '.mjs', '.json']);
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const POLICY_TEXT =
  '#!/bin/sh\n# Temporary, of the set-up of Stream Manager: start no service.\nexit 101\n';
/** After this long a step says what it is doing. */
const QUIET_MS = 1000;
/** How long another set-up of the same folder is waited for. */
const LOCK_WAIT_MS = 15 * 60_000;

/** What can be missing on the system, with the names that package managers have for it. */
const FFMPEG = {
  name: 'FFmpeg',
  present: () => findProgram(configuredFfmpeg() ?? 'ffmpeg') !== null,
  packages: { 'apt-get': 'ffmpeg', dnf: 'ffmpeg', apk: 'ffmpeg', brew: 'ffmpeg' },
};
const TEST_NEEDS = [
  {
    name: 'Redis',
    present: () => findProgram('redis-server') !== null,
    packages: { 'apt-get': 'redis-server', dnf: 'redis', apk: 'redis', brew: 'redis' },
  },
  {
    name: 'nginx',
    present: () => findProgram('nginx') !== null,
    packages: { 'apt-get': 'nginx', dnf: 'nginx', apk: 'nginx', brew: 'nginx' },
  },
  {
    name: 'the RTMP module of nginx',
    present: () =>
      ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/share/nginx/modules'].some(
        (folder) => fs.existsSync(join(folder, 'ngx_rtmp_module.so')),
      ),
    packages: {
      'apt-get': 'libnginx-mod-rtmp',
      apk: 'nginx-mod-rtmp',
    },
  },
  {
    name: 'promtool',
    present: () => findProgram('promtool') !== null,
    packages: { 'apt-get': 'prometheus', apk: 'prometheus', brew: 'prometheus' },
  },
  {
    name: 'Chromium',
    present: () =>
      ['chromium', 'chromium-browser', 'google-chrome'].some((name) => findProgram(name) !== null),
    packages: { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium' },
  },
];
const IMAGE_NEEDS = [
  ['buildah', 'buildah'],
  ['runc', 'runc'],
  ['debootstrap', 'debootstrap'],
  ['ip', 'iproute2'],
].map(([program, name]) => ({
  name: program,
  present: () => findProgram(program) !== null,
  // Images are tested on Debian alone: elsewhere the name of the package may be another.
  packages: { 'apt-get': name },
}));
const INSTALL_COMMANDS = {
  'apt-get': 'apt-get update && apt-get install -y --no-install-recommends',
  dnf: 'dnf install -y',
  apk: 'apk add',
  brew: 'brew install',
};
/** Packages that start a service when Debian installs them. */
const SERVICES = { 'redis-server': 'redis-server', nginx: 'nginx', prometheus: 'prometheus' };

class SetupError extends Error {}

function say(text) {
  process.stdout.write(`setup: ${text}\n`);
}

/** Runs a command and keeps its output for the case that it fails; says so when it takes longer than a moment. */
async function step(title, command, args, env = {}) {
  const startedMs = Date.now();
  let told = false;
  const timer = setTimeout(() => {
    told = true;
    say(`${title} ...`);
  }, QUIET_MS);
  let output = '';
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      output += error.message;
      resolve(127);
    });
    child.on('close', (status, signal) => resolve(status ?? signal));
  });
  clearTimeout(timer);
  if (code !== 0) {
    const tail = output.trim().split('\n').slice(-40).join('\n');
    throw new SetupError(`${title} failed (${command} ended with ${code}):\n${tail}`);
  }
  if (told) say(`${title}: done in ${Math.round((Date.now() - startedMs) / 1000)} s`);
}

function isExecutable(path) {
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return fs.statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Path of a program, given by its name or a path, or null. Debian keeps servers where users do not look. */
function findProgram(name) {
  if (name.includes('/')) return isExecutable(name) ? name : null;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major === 20 && minor >= 19) return;
  throw new SetupError(
    `Stream Manager runs on Node.js 20 from 20.19 on; this is ${process.versions.node}. ` +
      'Install Node.js 20 (for instance with "nvm install 20") and try again.',
  );
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex');
}

function readText(path) {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Whether npm's own record of what it installed has every package that the lock file asks for. */
function holdsAllPackages(lockText) {
  const recordText = readText(join(ROOT, 'node_modules', '.package-lock.json'));
  if (recordText === null) return false;
  try {
    const installed = JSON.parse(recordText).packages;
    return Object.entries(JSON.parse(lockText).packages).every(([path, wanted]) => {
      if (path === '') return true;
      const found = installed[path];
      return found === undefined ? wanted.optional === true : found.version === wanted.version;
    });
  } catch {
    return false;
  }
}

function lockText() {
  const text = readText(join(ROOT, 'package-lock.json'));
  if (text === null) throw new SetupError('package-lock.json is missing: restore it with git.');
  return text;
}

function packagesArePresent() {
  return readText(PACKAGES_STAMP) === hash(lockText());
}

async function installPackages() {
  const text = lockText();
  if (!holdsAllPackages(text)) {
    await step('Installing the npm packages', 'npm', [
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--no-audit',
      '--no-fund',
    ]).catch((error) => {
      throw new SetupError(
        `${error.message}\nCheck the connection to the npm registry and try again, or run: npm ci --ignore-scripts`,
      );
    });
  }
  fs.writeFileSync(PACKAGES_STAMP, hash(text));
}

/** FFMPEG_PATH of the environment, or of the file .env as the service reads it; null when there is none. */
function configuredFfmpeg() {
  const file = readText(join(ROOT, '.env'));
  const fromFile = file === null ? undefined : util.parseEnv(file).FFMPEG_PATH;
  return process.env.FFMPEG_PATH || fromFile || null;
}

function missingPrograms(needs) {
  const configured = configuredFfmpeg();
  if (configured !== null && findProgram(configured) === null) {
    throw new SetupError(
      `FFMPEG_PATH is ${configured}, but there is no program. Correct it, or unset it to use the one of the system.`,
    );
  }
  return [FFMPEG, ...needs].filter((need) => !need.present());
}

async function installPrograms(missing) {
  const names = missing.map((need) => need.name).join(', ');
  const manager = Object.keys(INSTALL_COMMANDS).find((name) => findProgram(name) !== null);
  if (manager === undefined) {
    throw new SetupError(`${names} missing. Install it with the package manager of your system.`);
  }
  const unpackaged = missing.find((need) => need.packages[manager] === undefined);
  if (unpackaged !== undefined) {
    throw new SetupError(
      `${unpackaged.name} missing, and ${manager} has no package of it: build it.`,
    );
  }
  const packages = missing.map((need) => need.packages[manager]);
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot || manager === 'brew' ? '' : 'sudo ';
  const command = `${INSTALL_COMMANDS[manager]} ${packages.join(' ')}`
    .split(' && ')
    .map((part) => sudo + part)
    .join(' && ');
  if (manager !== 'apt-get' || !isRoot) {
    throw new SetupError(
      `${names} missing. Install with this command, then try again:\n\n  ${command}\n`,
    );
  }
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2'];
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const release = holdServicesBack();
  try {
    await step('Reading the package lists', 'apt-get', [...options, 'update'], env);
    await step(
      `Installing ${names}`,
      'apt-get',
      [...options, 'install', '-y', '--no-install-recommends', ...packages],
      env,
    );
  } catch (error) {
    throw new SetupError(
      `${error.message}\n${names} missing. Check the network and the package sources, then run:\n\n  ${command}\n`,
    );
  } finally {
    release();
  }
  for (const service of packages.map((name) => SERVICES[name]).filter(Boolean)) {
    // Ours to start in tests, never the system's at boot. Not every system has these tools: then nothing autostarts.
    await step(`Disabling ${service}`, 'update-rc.d', [service, 'disable']).catch(() => undefined);
  }
  const left = missing.filter((need) => !need.present());
  if (left.length > 0) {
    throw new SetupError(
      `${command} ran, yet ${left.map((need) => need.name).join(', ')} missing.`,
    );
  }
}

/** Debian starts a service as it installs it, unless this file says no. Returns what takes the file away again. */
function holdServicesBack() {
  const present = readText(POLICY_FILE);
  if (present !== null && present !== POLICY_TEXT) return () => undefined;
  fs.writeFileSync(POLICY_FILE, POLICY_TEXT, { mode: 0o755 });
  const release = () => fs.rmSync(POLICY_FILE, { force: true });
  process.once('exit', release);
  return release;
}

function listFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) => {
    return entry.isFile() ? [join(entry.parentPath, entry.name)] : [];
  });
}

/** One hash over everything that the build is made of. */
function sourceHash() {
  const files = SOURCE_FOLDERS.flatMap((folder) => listFiles(join(ROOT, folder)))
    .filter((path) => SOURCE_ENDINGS.has(extname(path)))
    .concat(['package-lock.json', 'package.json', 'tsconfig.json'].map((name) => join(ROOT, name)))
    .sort();
  const sum = createHash('sha256');
  for (const path of files) sum.update(`\0${relative(ROOT, path)}\0`).update(fs.readFileSync(path));
  return sum.digest('hex');
}

function buildIsFresh() {
  return fs.existsSync(KERNELS) && readText(BUILD_STAMP) === sourceHash();
}

async function build() {
  const fresh = sourceHash();
  // Without its stamp nothing is known about what lies there; with it the compiler goes on from where it was.
  if (!fs.existsSync(BUILD_STAMP)) {
    fs.rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  }
  fs.mkdirSync(dirname(BUILD_STAMP), { recursive: true });
  fs.writeFileSync(BUILD_STAMP, 'building');
  for (const path of SOURCE_FOLDERS.flatMap((folder) => listFiles(join(ROOT, 'dist', folder)))) {
    if (path === KERNELS) continue;
    const source = join(ROOT, relative(join(ROOT, 'dist'), path)).replace(/\.js(\.map)?$/, '.ts');
    if (!fs.existsSync(source)) fs.rmSync(path);
  }
  await step('Building', 'npm', ['run', '--silent', 'build']);
  fs.writeFileSync(BUILD_STAMP, fresh);
}

function isDead(pid) {
  try {
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Two that wait may both see a dead owner: only one at a time may look again and remove, so that no living lock goes. */
function removeDeadLock() {
  const claim = `${LOCK_FILE}.claim`;
  try {
    fs.writeFileSync(claim, '', { flag: 'wx' });
  } catch {
    return;
  }
  if (isDead(lockOwner())) fs.rmSync(LOCK_FILE, { force: true });
  fs.rmSync(claim, { force: true });
}

function lockOwner() {
  return Number(readText(LOCK_FILE) ?? '');
}

/** Runs `work` while no other set-up works on the same folder. */
async function exclusively(work) {
  fs.mkdirSync(dirname(LOCK_FILE), { recursive: true });
  const giveUpAtMs = Date.now() + LOCK_WAIT_MS;
  let told = false;
  for (;;) {
    try {
      fs.writeFileSync(LOCK_FILE, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = lockOwner();
    if (isDead(owner)) removeDeadLock();
    else if (!told) {
      say(`waiting for another set-up (process ${owner}) ...`);
      told = true;
    }
    if (Date.now() > giveUpAtMs) {
      throw new SetupError(
        `Another set-up is still at work; if there is none, delete ${LOCK_FILE}.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => {
    if (lockOwner() === process.pid) fs.rmSync(LOCK_FILE, { force: true });
  };
  process.once('exit', release);
  await work();
  release();
}

async function main() {
  const needs = [
    ...(process.argv.includes('--test') ? TEST_NEEDS : []),
    ...(process.argv.includes('--image') ? IMAGE_NEEDS : []),
  ];
  checkNode();
  const isReady = () =>
    missingPrograms(needs).length === 0 && packagesArePresent() && buildIsFresh();
  if (isReady()) return;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  await exclusively(async () => {
    const missing = missingPrograms(needs);
    if (missing.length > 0) await installPrograms(missing);
    if (!packagesArePresent()) await installPackages();
    if (!buildIsFresh()) await build();
  });
}

main().catch((error) => {
  process.stderr.write(`\nsetup: ${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
