import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { buildah, folderMegabytes, IMAGES, mountImage } from './buildah.js';

/**
 * Builds what test/image looks at: the image of the Dockerfile, and one with the other parts of docker-compose.yml.
 * BASE_IMAGE in the environment names the base image, which is pulled then; without it one is made out of Debian's
 * packages. With `--suite` the image for the whole test suite is built as well. Needs root, buildah and debootstrap.
 */

/** As npm is set up here, so is it in the builder: its settings, and the certificates that it trusts. */
function npmSettings(): string[] {
  const { stdout } = spawnSync('npm', ['config', 'get', 'globalconfig'], { encoding: 'utf8' });
  const certificates = process.env['NODE_EXTRA_CA_CERTS'] ?? '';
  const mounts = [
    [stdout.trim(), '/usr/local/etc/npmrc'],
    [certificates, '/etc/ssl/certs/ca-certificates.crt'],
  ].filter(([file = '']) => file !== '' && existsSync(file));
  return mounts.map(([file, path]) => `--volume=${file}:${path}:ro`);
}

function makeBase(): string[] {
  const wanted = process.env['BASE_IMAGE'] ?? '';
  if (wanted !== '') return ['--build-arg', `BASE_IMAGE=${wanted}`];
  const script = join(PACKAGE_ROOT, 'test', 'image', 'make-base.sh');
  const { status } = spawnSync('bash', [script, IMAGES.base], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${script} ended with ${status}.`);
  return ['--pull-never', '--build-arg', `BASE_IMAGE=${IMAGES.base}`];
}

/** Builds one image. @returns what the build printed */
function build(name: string, dockerfile: string, more: readonly string[]): Promise<string> {
  const file = join(PACKAGE_ROOT, dockerfile);
  return buildah(
    'bud',
    '--format=docker',
    '--network=host',
    '--layers',
    ...more,
    '-t',
    name,
    '-f',
    file,
    PACKAGE_ROOT,
  );
}

async function report(name: string): Promise<void> {
  const image = await mountImage(name);
  const line = (folder: string): string =>
    `${folder} ${folderMegabytes(join(image.root, folder)).toFixed(0)} MB`;
  const parts = ['/', '/usr', '/usr/share/fonts', '/app/node_modules', '/app/dist'];
  process.stdout.write(`${name}: ${parts.map(line).join(', ')}\n`);
  await image.close();
}

const base = makeBase();
const settings = npmSettings();
const output = await build(IMAGES.service, 'Dockerfile', [...base, ...settings]);
process.stdout.write(`${(output.match(/^slim: .*$/gm) ?? []).join('\n')}\n`);
await report(IMAGES.service);
await build(IMAGES.parts, 'test/image/parts.Dockerfile', base);
if (process.argv.includes('--suite')) {
  const onTop = ['--pull-never', '--build-arg', `BASE_IMAGE=${IMAGES.service}`];
  await build(IMAGES.suite, 'test/image/suite.Dockerfile', onTop);
}
