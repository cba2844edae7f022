import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { buildah, IMAGES } from './buildah.js';

/**
 * Runs the test suite in the image, with its FFmpeg, its C library and so the current build of the HTTP server, in a
 * network of its own. Arguments are those of test/run.ts; without them all tests run but those of the image.
 */

const FOLDER = '/suite';
/** Nothing of what the image sets: tests say themselves how the service is started. */
const ENVIRONMENT = `env -i HOME=/root PATH="$PATH" TMPDIR=/var/tmp`;

const patterns = process.argv.slice(2);
const wanted = patterns.length > 0 ? [patterns] : [['unit'], ['integration']];
const container = await buildah('from', '--pull-never', IMAGES.suite);
try {
  await buildah('copy', '--quiet', container, PACKAGE_ROOT, FOLDER);
  const runs = wanted.map(
    (some) => `${ENVIRONMENT} node dist/test/run.js ${some.join(' ')} || failed=1`,
  );
  const script = ['node dist/src/fonts/unpack-fonts.js', 'failed=0', ...runs, 'exit $failed'].join(
    '\n',
  );
  const args = [
    'run',
    '--isolation=chroot',
    '--network=host',
    '--user=root',
    `--workingdir=${FOLDER}`,
  ];
  // Outside, for who is in the container may not: without its loopback no test reaches its server.
  const inNetwork = ['--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', 'buildah'];
  const { status } = spawnSync(
    'unshare',
    [...inNetwork, ...args, container, '--', 'sh', '-c', script],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
} finally {
  await buildah('rm', container);
}
