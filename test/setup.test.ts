import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { PACKAGE_ROOT } from '../src/core/paths.js';

/** A project as small as can be, with the real set-up in it: one package, one source, and a build that counts itself. */
function createProject(): string {
  const root = fs.mkdtempSync(join(tmpdir(), 'stream-manager-setup-'));
  after(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });
  const put = (path: string, text: string): void => {
    fs.mkdirSync(join(root, path, '..'), { recursive: true });
    fs.writeFileSync(join(root, path), text);
  };
  const manifest = { name: 'small', version: '1.0.0', dependencies: { local: 'file:local' } };
  put('package.json', JSON.stringify({ ...manifest, scripts: { build: 'node build.mjs' } }));
  put('local/package.json', '{"name":"local","version":"1.0.0"}');
  put(
    'package-lock.json',
    JSON.stringify({
      name: 'small',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': manifest,
        local: { version: '1.0.0' },
        'node_modules/local': { resolved: 'local', link: true },
      },
    }),
  );
  put('tsconfig.json', '{}');
  put('src/a.ts', 'export const a = 1;');
  put(
    'build.mjs',
    `import * as fs from 'node:fs';
     fs.mkdirSync('dist/src', { recursive: true });
     fs.mkdirSync('dist/workers', { recursive: true });
     for (const name of fs.readdirSync('src')) {
       if (name.endsWith('.ts')) fs.writeFileSync('dist/src/' + name.replace('.ts', '.js'), '');
     }
     fs.writeFileSync('dist/workers/kernels.wasm', '');
     fs.appendFileSync('builds.log', 'built\\n');`,
  );
  fs.copyFileSync(join(PACKAGE_ROOT, 'src', 'setup.mjs'), join(root, 'src', 'setup.mjs'));
  return root;
}

/** A folder of programs that holds what npm needs and nothing else, to stand for a fresh system. */
function createBareSystem(root: string): string {
  const bin = join(root, 'bin');
  fs.mkdirSync(bin);
  for (const name of ['node', 'npm', 'sh', 'mkdir', 'cat', 'chmod']) {
    const folders = (process.env['PATH'] ?? '').split(delimiter);
    const found = folders.map((folder) => join(folder, name)).find((path) => fs.existsSync(path));
    if (found !== undefined) fs.symlinkSync(found, join(bin, name));
  }
  return bin;
}

function addProgram(bin: string, name: string, script: string): void {
  fs.writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

type Run = { code: number | null; output: string };

function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const all = { ...process.env, ...extra };
  if (!('FFMPEG_PATH' in extra)) delete all['FFMPEG_PATH'];
  return all;
}

async function runSetup(root: string, extra: Record<string, string> = {}): Promise<Run> {
  const child = spawn(process.execPath, [join(root, 'src', 'setup.mjs')], {
    env: environment(extra),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

function countBuilds(root: string): number {
  return fs.readFileSync(join(root, 'builds.log'), 'utf8').trim().split('\n').length;
}

const isRoot = process.getuid?.() === 0;

test('installs and builds once, then finds nothing to do and is silent', async () => {
  const root = createProject();
  const first = await runSetup(root);
  assert.equal(first.code, 0, first.output);
  assert.ok(fs.existsSync(join(root, 'node_modules', 'local')));
  assert.deepEqual(await runSetup(root), { code: 0, output: '' });
  assert.equal(countBuilds(root), 1);
});

test('builds again when a source has changed, and leaves nothing of removed sources', async () => {
  const root = createProject();
  fs.writeFileSync(join(root, 'src', 'old.ts'), '');
  await runSetup(root);
  assert.ok(fs.existsSync(join(root, 'dist', 'src', 'old.js')));
  fs.rmSync(join(root, 'src', 'old.ts'));
  fs.writeFileSync(join(root, 'src', 'a.ts'), 'export const a = 2;');
  assert.equal((await runSetup(root)).code, 0);
  assert.deepEqual(fs.readdirSync(join(root, 'dist', 'src')), ['a.js']);
  assert.equal(countBuilds(root), 2);
});

test('does the work once when it runs twice at the same time, also after one that died', async () => {
  const root = createProject();
  const dead = spawnSync(process.execPath, ['--version']).pid;
  fs.mkdirSync(join(root, '.build'));
  fs.writeFileSync(join(root, '.build', 'setup.lock'), String(dead));
  const runs = await Promise.all([runSetup(root), runSetup(root)]);
  assert.deepEqual(
    runs.map((run) => run.code),
    [0, 0],
    runs.map((run) => run.output).join('\n'),
  );
  assert.equal(countBuilds(root), 1);
  assert.ok(!fs.existsSync(join(root, '.build', 'setup.lock')));
});

test('stops with the output of the build when it fails, and tries again the next time', async () => {
  const root = createProject();
  const script = fs.readFileSync(join(root, 'build.mjs'), 'utf8');
  fs.writeFileSync(join(root, 'build.mjs'), 'console.log("there is a mistake"); process.exit(3);');
  const failed = await runSetup(root);
  assert.equal(failed.code, 1);
  assert.match(failed.output, /Building failed[^]*there is a mistake/);
  fs.writeFileSync(join(root, 'build.mjs'), script);
  assert.equal((await runSetup(root)).code, 0);
});

test('says so when FFMPEG_PATH leads nowhere, in the environment or in .env', async () => {
  const root = createProject();
  const runs = [await runSetup(root, { FFMPEG_PATH: '/nowhere/ffmpeg' })];
  fs.writeFileSync(join(root, '.env'), 'FFMPEG_PATH=/nowhere/ffmpeg');
  runs.push(await runSetup(root));
  for (const run of runs) {
    assert.equal(run.code, 1);
    assert.match(run.output, /FFMPEG_PATH is \/nowhere\/ffmpeg, but there is no program/);
  }
});

test(
  'installs a missing FFmpeg without questions when it runs as root',
  { skip: !isRoot },
  async () => {
    const root = createProject();
    const bin = createBareSystem(root);
    addProgram(
      bin,
      'apt-get',
      `echo "$DEBIAN_FRONTEND $*" >> ${root}/apt.log
     case "$*" in *install*) echo '#!/bin/sh' > ${bin}/ffmpeg; chmod +x ${bin}/ffmpeg;; esac`,
    );
    const run = await runSetup(root, { PATH: bin });
    assert.equal(run.code, 0, run.output);
    const [update, install] = fs.readFileSync(join(root, 'apt.log'), 'utf8').trim().split('\n');
    assert.match(update ?? '', /^noninteractive .*update$/);
    assert.match(install ?? '', /^noninteractive .*install -y --no-install-recommends ffmpeg$/);
  },
);

test(
  'passes on what apt-get says when it fails, with the command to run',
  { skip: !isRoot },
  async () => {
    const root = createProject();
    const bin = createBareSystem(root);
    addProgram(bin, 'apt-get', 'echo "Temporary failure resolving"; exit 100');
    const run = await runSetup(root, { PATH: bin });
    assert.equal(run.code, 1);
    assert.match(run.output, /Temporary failure resolving/);
    assert.match(run.output, /apt-get install -y --no-install-recommends ffmpeg/);
  },
);

test('prints the exact command for a missing FFmpeg and stops when it is not root', () => {
  const root = createProject();
  const bin = createBareSystem(root);
  addProgram(bin, 'apt-get', 'exit 0');
  fs.chmodSync(root, 0o777);
  const run = spawnSync(join(bin, 'node'), [join(root, 'src', 'setup.mjs')], {
    env: environment({ PATH: bin }),
    encoding: 'utf8',
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  });
  assert.equal(run.status, 1);
  assert.match(
    run.stderr,
    /sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg/,
  );
});
