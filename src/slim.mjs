/**
 * Leaves in node_modules what the service can load or show on this system, for the image: run it in a build of its own,
 * after `npm prune --omit=dev`, never in a folder that somebody works in.
 *
 *     node src/slim.mjs [FOLDER]        FOLDER holds node_modules; the default is the folder of package.json
 *
 * Says for each rule what it saves. Plain JavaScript without dependencies, as its neighbour setup.mjs.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
const MODULES = join(ROOT, 'node_modules');
const HERE = `${process.platform}_${process.arch}_${process.versions.modules}`;
const PREBUILD = new RegExp(`(^|-)${process.platform}-${process.arch}$`);
/** The C library that Node itself was built with. */
const C_LIBRARY = process.report.getReport().header.glibcVersionRuntime ? 'linux' : 'musl';

/** Whether the current build of the HTTP server loads here: then the older one is never asked for (src/api/uws.ts). */
function currentServerLoads() {
  try {
    createRequire(join(ROOT, 'package.json'))('uWebSockets.js');
    return true;
  } catch {
    return false;
  }
}

/** What a package has beside its code, and what its authors' tools have left. */
const TOP_OF_PACKAGE =
  /^(?:.*node_modules\/)?(?:@[^/]+\/)?[^/@]+\/(?:tests?|coverage|benchmarks?|bench|examples?|docs?|OLD|tools|\.[^/]+)\//;

const isOlderServer = (path) => path.startsWith('@trufflesuite/uws-js-unofficial/');
const olderServerIsNeeded = !currentServerLoads();

/** Each takes a path below node_modules, with slashes. The first that says yes removes the file. */
const RULES = [
  {
    name: 'uWebSockets.js for other systems and other Nodes',
    removes: (path) => /^uWebSockets\.js\/uws_.*\.node$/.test(path) && !path.includes(HERE),
  },
  {
    name: 'the older uWebSockets.js, where the current one loads',
    removes: (path) =>
      isOlderServer(path) &&
      (!olderServerIsNeeded || (/\/uws_.*\.node$/.test(path) && !path.includes(HERE))),
  },
  {
    name: 'fonts as they are packed: the build has unpacked them',
    removes: (path) => /^@fontsource\/[^/]+\/files\//.test(path),
  },
  {
    name: 'add-ons for other systems',
    removes: (path) => {
      const folder = /(?:^|\/)prebuilds\/([^/]+)\//.exec(path)?.[1];
      return folder !== undefined && !PREBUILD.test(folder);
    },
  },
  {
    name: 'koffi for the other C library',
    removes: (path) => {
      const library = /^@koromix\/koffi-linux-[^/]+\/(linux|musl)_[^/]+\//.exec(path)?.[1];
      return library !== undefined && library !== C_LIBRARY;
    },
  },
  {
    name: 'what add-ons are built from',
    removes: (path) => /\.(c|cc|cpp|h|hh|hpp|inc|gypi?|cmake)$/.test(path),
  },
  {
    name: 'what builds jpeg-turbo where it has no binary',
    removes: (path) => /^(cmake-js|axios|node-api-headers)\//.test(path),
  },
  {
    name: 'reports, pages and tests that packages ship',
    removes: (path) => TOP_OF_PACKAGE.test(path) || /\/__(tests|fixtures)__\//.test(path),
  },
  {
    name: 'builds for browsers',
    removes: (path) =>
      /^(css-tree|pako)\/dist\//.test(path) ||
      /^culori\/bundled\/(?!culori\.cjs$)/.test(path) ||
      path === 'pngjs/browser.js',
  },
  {
    name: 'the console of the RTMP server, which is not served',
    removes: (path) => path.startsWith('node-media-server/webadmin/'),
  },
  {
    name: 'the builds of Swagger UI that no page loads',
    removes: (path) => /^swagger-ui-dist\/swagger-ui(-es-.*)?\.js$/.test(path),
  },
  { name: 'source maps', removes: (path) => path.endsWith('.map') },
  { name: 'types and sources', removes: (path) => /\.[cm]?tsx?$/.test(path) },
  {
    name: 'documents, but licences',
    removes: (path) => /\.(md|markdown)$/i.test(path) && !/licen[cs]e|notice|copying/i.test(path),
  },
];

const removedBytes = RULES.map(() => 0);
for (const entry of fs.readdirSync(MODULES, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  const path = file.slice(MODULES.length + 1);
  const rule = RULES.findIndex(({ removes }) => removes(path));
  if (rule === -1) continue;
  // In blocks of the file system: many small files take more than they hold.
  removedBytes[rule] += fs.statSync(file).blocks * 512;
  fs.rmSync(file);
}
/** Removes a folder when no file is left in it, and says so. */
function removeEmpty(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const left = entries.filter(
    (entry) => !entry.isDirectory() || !removeEmpty(join(folder, entry.name)),
  );
  if (left.length === 0) fs.rmdirSync(folder);
  return left.length === 0;
}
removeEmpty(MODULES);

RULES.forEach(({ name }, rule) => {
  const megabytes = (removedBytes[rule] / 1e6).toFixed(1);
  process.stdout.write(`slim: ${megabytes.padStart(6)} MB less without ${name}\n`);
});
