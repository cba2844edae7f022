import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';

/** Certificates of an authority of our own, in a folder of their own. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly caFile: string;
  /** Makes a certificate, signed by it, for `subjectAltName` such as `IP:127.0.0.1`. */
  issue(subjectAltName: string): Promise<{ readonly key: Buffer; readonly cert: Buffer }>;
  close(): Promise<void>;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-authority-'));
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  openssl(
    ...['req', '-x509', ...NEW_KEY, '-days', '2', '-subj', '/CN=Test authority'],
    ...['-keyout', 'ca.key', '-out', 'ca.pem'],
  );
  let issued = 0;
  return {
    caFile: join(folder, 'ca.pem'),
    async issue(subjectAltName) {
      const name = `issued-${issued++}`;
      openssl(
        ...['req', '-x509', ...NEW_KEY, '-days', '2', '-subj', '/CN=Test server'],
        ...['-addext', `subjectAltName=${subjectAltName}`, '-addext', 'basicConstraints=CA:FALSE'],
        ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', `${name}.key`, '-out', `${name}.pem`],
      );
      const [key, cert] = await Promise.all([
        readFile(join(folder, `${name}.key`)),
        readFile(join(folder, `${name}.pem`)),
      ]);
      return { key, cert };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A server on a free port of loopback that speaks TLS with clients and hands on what they say to another port. */
export async function startTlsFront(
  identity: { readonly key: Buffer; readonly cert: Buffer },
  port: number,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const sockets = new Set<TLSSocket>();
  const server = createServer(identity, (socket) => {
    sockets.add(socket);
    const upstream = connect(port, '127.0.0.1');
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no TCP port.');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}
