import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../src/core/paths.js';
import { readSourceTree, type SourceFile } from './support/source-tree.js';

/**
 * What each room may import, besides itself, as the table of rooms in src/README.md has it. Files right below src (main,
 * app, config) may import everything.
 */
const ROOMS = readRooms(readText('src/README.md'));

/** What the rooms say to each other: the types in these files, and only the types, may be imported from everywhere. */
function isContract(path: string): boolean {
  return basename(path) === 'contract.ts' || OTHER_CONTRACTS.has(path);
}

const OTHER_CONTRACTS = new Set([
  'src/api/ports.ts',
  'src/output/status.ts',
  'src/state/command.ts',
  'src/state/model.ts',
  'src/state/port.ts',
]);

/** The rows of the table below the heading "The rooms": the first and the last column. */
function readRooms(markdown: string): Readonly<Record<string, readonly string[]>> {
  const [, section = ''] = markdown.split('\n## The rooms\n');
  const rows = section.matchAll(/^\| `([a-z-]+)\/` .*\|([^|]*)\|$/gm);
  return Object.fromEntries(
    [...rows].map(([, room = '', imports = '']) => {
      const names = imports.split(',').map((name) => name.trim());
      return [room, names.filter((name) => name !== '' && name !== '–')];
    }),
  );
}

/** Heavy dependencies: one file of the service knows each of them. */
const OWNED_PACKAGES = [
  '@julusian/jpeg-turbo',
  '@marcbachmann/cel-js',
  '@napi-rs/canvas',
  '@resvg/resvg-js',
  'css-tree',
  'fflate',
  'fluent-ffmpeg',
  'harfbuzzjs',
  'ioredis',
  'koffi',
  'node-media-server',
  'piscina',
  'prom-client',
  'qrcode',
  'saxes',
  'sharp',
  'uWebSockets.js',
  'wawoff2',
  'yoga-layout',
  '@trufflesuite/uws-js-unofficial',
];

const MAX_LINES = 400;
const MAX_MEDIAN_LINES = 120;
const MAX_WORKER_LINES = 60;

/** The card's list, the usual documents, and what the tools need; dot files and what git ignores come on top. */
const TOP_LEVEL = new Set([
  'src',
  'workers',
  'bench',
  'test',
  'Dockerfile',
  'docker-compose.yml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'eslint.config.js',
  'README.md',
  'LICENSE',
]);
const UNTRACKED = new Set(['node_modules', 'dist', 'data', 'coverage']);

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.property)?(\.(test|d))?\.(ts|mjs)$/;

const files = readSourceTree(['src', 'workers', 'bench', 'test']);
const service = files.filter((file) => /^(src|workers)\//.test(file.path));
const manifest = readText('package.json');

function readText(path: string): string {
  return readFileSync(join(PACKAGE_ROOT, path), 'utf8');
}

function roomOf(path: string): string | null {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function readScripts(): Map<string, string> {
  const parsed: unknown = JSON.parse(manifest);
  assert.ok(typeof parsed === 'object' && parsed !== null && 'scripts' in parsed);
  assert.ok(typeof parsed.scripts === 'object' && parsed.scripts !== null);
  return new Map(
    Object.entries(parsed.scripts).map(([name, line]): [string, string] => [name, String(line)]),
  );
}

/** The first circle found among imports inside the tree, as a list of paths. */
function findCycle(tree: readonly SourceFile[]): string[] {
  const edges = new Map(
    tree.map((file) => [
      file.path,
      file.imports.filter((edge) => edge.isLocal).map((edge) => edge.target),
    ]),
  );
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of edges.get(path) ?? []) {
      const cycle = walk(next, [...trail, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  return tree.map((file) => walk(file.path, [])).find((cycle) => cycle.length > 0) ?? [];
}

/** `src/x/y.ts` and the like as they stand between backticks, without line numbers, patterns or placeholders. */
function namedPaths(markdown: string): string[] {
  return [
    ...markdown.matchAll(
      /`((?:src|workers|bench|test|\.ci)\/[^`\s]*|[A-Z]\w*\.md|\.env\.example)`/g,
    ),
  ]
    .map((match) => match[1] ?? '')
    .filter((path) => !/[*<{]/.test(path));
}

function readDocuments(): { path: string; text: string }[] {
  return ['README.md', 'src/README.md'].map((path) => ({ path, text: readText(path) }));
}

test('every room imports only what lies below it, and of contracts only types', () => {
  const wrong = files.flatMap((file) => {
    const room = roomOf(file.path);
    if (room === null) return [];
    const allowed = ROOMS[room];
    if (allowed === undefined) return [`${file.path}: ${room} is not in the table of rooms`];
    return file.imports
      .filter((edge) => edge.isLocal)
      .filter((edge) => {
        const target = roomOf(edge.target);
        if (target === room || (target !== null && allowed.includes(target))) return false;
        return !(edge.isTypeOnly && isContract(edge.target));
      })
      .map((edge) => `${file.path} imports ${edge.target}`);
  });
  assert.deepEqual(wrong, []);
});

test('each file on the way of one frame says first what it does, in which thread, and what it owns', () => {
  const [, section = ''] = readText('src/README.md').split('\n## The way of one frame\n');
  const [way = ''] = section.split('\n### ');
  const paths = [...way.matchAll(/`((?:compositor|memory|render|scene|stitcher)\/[a-z/-]+\.ts)`/g)];
  assert.ok(paths.length > 10, 'src/README.md names the files of the way');
  for (const [, path = ''] of paths) {
    const { text = '' } = files.find((file) => file.path === `src/${path}`) ?? {};
    const head = text.slice(0, text.indexOf('*/'));
    assert.match(head, /^\/\*\*\n \* The way of one frame, /, path);
    assert.match(head, /thread/, path);
    assert.match(head, /\b(owns|pure)\b/i, path);
  }
});

/** Paths that a file imports, and what those import, itself first; what is only a type is not counted. */
function reachedFrom(path: string): Set<string> {
  const reached = new Set<string>();
  const walk = (one: string): void => {
    if (reached.has(one)) return;
    reached.add(one);
    const file = files.find((candidate) => candidate.path === one);
    for (const edge of file?.imports ?? []) if (edge.isLocal && !edge.isTypeOnly) walk(edge.target);
  };
  walk(path);
  return reached;
}

test('what documents know of layers is pure: it reaches nothing that draws', () => {
  const wrong = [...reachedFrom('src/layers/documents.ts')].filter(
    (path) => !['core', 'scene', 'layers'].includes(roomOf(path) ?? '') || /view/.test(path),
  );
  assert.deepEqual(wrong, []);
});

test('no thread of the media plane loads the schemas, which take 15 MB each time', () => {
  const entries = files.filter(
    ({ path }) => path.startsWith('workers/') && path !== 'workers/decoder.ts',
  );
  assert.ok(entries.length >= 8);
  const wrong = entries.flatMap(({ path }) =>
    [...reachedFrom(path)]
      .filter((reached) =>
        files
          .find((file) => file.path === reached)
          ?.imports.some((edge) => edge.target === 'zod' && !edge.isTypeOnly),
      )
      .map((reached) => `${path} reaches ${reached}`),
  );
  assert.deepEqual(wrong, []);
});

test('how layers are drawn reaches nothing of the control plane', () => {
  const wrong = [...reachedFrom('src/layers/views.ts')].filter(
    (path) => ['api', 'state'].includes(roomOf(path) ?? '') || /commands|operations/.test(path),
  );
  assert.deepEqual(wrong, []);
});

test('kinds of layers do not know each other, and are known by the tables alone', () => {
  const kindOf = (path: string): string | null => /^src\/layers\/([^/]+)\//.exec(path)?.[1] ?? null;
  const wrong = service
    .filter((file) => roomOf(file.path) !== null)
    .flatMap((file) =>
      file.imports
        .filter((edge) => edge.isLocal && roomOf(edge.target) === 'layers')
        .filter((edge) => {
          const kind = kindOf(edge.target);
          if (kind === null) return false;
          const isTable = /^src\/layers\/[a-z-]+\.ts$/.test(file.path);
          return !isTable && kindOf(file.path) !== kind;
        })
        .map((edge) => `${file.path} imports ${edge.target}`),
    );
  assert.deepEqual(wrong, []);
});

test('whoever does not draw knows of layers what their documents, commands and operations say', () => {
  const wrong = service
    .filter((file) => ['scene', 'state', 'api'].includes(roomOf(file.path) ?? ''))
    .flatMap((file) =>
      file.imports
        .filter((edge) => roomOf(edge.target) === 'layers')
        .filter(
          (edge) => !/^src\/layers\/(documents|rules|commands|operations)\.ts$/.test(edge.target),
        )
        .map((edge) => `${file.path} imports ${edge.target}`),
    );
  assert.deepEqual(wrong, []);
});

/** What of the core reaches beyond Node, for all others. */
const CORE_OWNERS: Readonly<Record<string, string>> = {
  'src/core/logger.ts': 'pino',
  'src/core/system-calls.ts': 'koffi',
};

test('the core imports nothing but Node itself, the logger and system calls', () => {
  const wrong = files
    .filter((file) => roomOf(file.path) === 'core')
    .flatMap((file) =>
      file.imports
        .filter((edge) => !edge.isLocal && !edge.target.startsWith('node:'))
        .filter((edge) => !edge.target.startsWith(CORE_OWNERS[file.path] ?? 'node:'))
        .map((edge) => `${file.path} imports ${edge.target}`),
    );
  assert.deepEqual(wrong, []);
});

test('the service imports nothing of the tests and the benchmarks', () => {
  const wrong = service
    .filter((file) => file.imports.some((edge) => /^(test|bench)\//.test(edge.target)))
    .map((file) => file.path);
  assert.deepEqual(wrong, []);
});

test('imports never go in a circle', () => {
  assert.deepEqual(findCycle(files), []);
});

test('no file only passes on what others export', () => {
  const wrong = files
    // The entry of the kernels is the one list of what the module exports: the compiler takes a single file.
    .filter((file) => file.isBarrel && file.path !== 'workers/kernels/index.ts')
    .map((file) => file.path);
  assert.deepEqual(wrong, []);
});

test('names are in kebab case, and no folder is a drawer for everything', () => {
  const wrong = files
    .filter(
      (file) =>
        !KEBAB_CASE.test(basename(file.path)) ||
        dirname(file.path)
          .split('/')
          .some(
            (name) =>
              !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ||
              /^(utils?|helpers?|types|common|misc)$/.test(name),
          ),
    )
    .map((file) => file.path);
  assert.deepEqual(wrong, []);
});

test('files stay small enough to be read at once', () => {
  const long = files
    .filter((file) => file.lines > MAX_LINES)
    .map((file) => `${file.path}: ${file.lines}`);
  assert.deepEqual(long, []);
  const lengths = service.map((file) => file.lines).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  assert.ok(median <= MAX_MEDIAN_LINES, `the median is ${median} lines`);
});

test('entries of threads hold no logic', () => {
  const long = files
    .filter((file) => /^workers\/[^/]+$/.test(file.path) && file.lines > MAX_WORKER_LINES)
    .map((file) => `${file.path}: ${file.lines}`);
  assert.deepEqual(long, []);
});

test('each heavy dependency has one owner', () => {
  for (const name of OWNED_PACKAGES) {
    const owners = service
      .filter((file) => file.imports.some((edge) => edge.target === name))
      .map((file) => file.path);
    assert.ok(owners.length <= 1, `${name} is imported by ${owners.join(', ')}`);
  }
});

test('nothing is a singleton', () => {
  const wrong = service
    .filter((file) => /\bgetInstance\b/.test(file.text))
    .map((file) => file.path);
  assert.deepEqual(wrong, []);
});

test('the render path knows neither the time of day nor chance', () => {
  const wrong = files
    .filter((file) => ['scene', 'layers', 'render', 'memory'].includes(roomOf(file.path) ?? ''))
    .filter((file) =>
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b/.test(file.text),
    )
    .map((file) => file.path);
  assert.deepEqual(wrong, []);
});

test('the top level holds what it should and nothing else', () => {
  const extra = readdirSync(PACKAGE_ROOT).filter(
    (name) => !name.startsWith('.') && !TOP_LEVEL.has(name) && !UNTRACKED.has(name),
  );
  assert.deepEqual(extra, []);
});

test('every script runs a file that exists', () => {
  for (const [name, line] of readScripts()) {
    const paths = [...line.matchAll(/\b(?:node|asc) ([\w./-]+)/g)].map((match) => match[1] ?? '');
    for (const path of paths) {
      const source = path.replace(/^dist\/(.*)\.js$/, '$1.ts');
      assert.ok(existsSync(join(PACKAGE_ROOT, source)), `${name} runs ${path}: no ${source}`);
    }
  }
});

test('every script and path that the documents name exists', () => {
  const scripts = readScripts();
  for (const { path, text } of readDocuments()) {
    for (const match of text.matchAll(/\bnpm run ([\w:-]+)/g)) {
      assert.ok(scripts.has(match[1] ?? ''), `${path} names npm run ${match[1] ?? ''}`);
    }
    for (const named of namedPaths(text)) {
      assert.ok(existsSync(join(PACKAGE_ROOT, named)), `${path} names ${named}`);
    }
  }
});

test('the documents name every command there is for people', () => {
  const [readme] = readDocuments();
  for (const command of ['npm start', 'npm test', 'npm run dev', 'npm run bench']) {
    assert.ok(readme?.text.includes(command), `README.md does not name ${command}`);
  }
});
