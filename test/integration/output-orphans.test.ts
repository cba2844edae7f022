import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNginxRtmp } from '../support/nginx-rtmp.js';
import { until } from '../support/until.js';

const SERVICE = fileURLToPath(new URL('../support/output-service.js', import.meta.url));

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && parentOf(pid) === parent);
}

test('when the service is killed no FFmpeg stays behind, not even one with a stuck network', async () => {
  const nginx = await startNginxRtmp();
  const sockets: Socket[] = [];
  let isStuck = false;
  const sticky = createServer((socket) => {
    const upstream = connect(nginx.port, '127.0.0.1').on('error', () => undefined);
    sockets.push(
      socket.on('error', () => undefined),
      upstream,
    );
    upstream.pipe(socket);
    socket.on('data', (data) => {
      if (isStuck) socket.pause();
      else upstream.write(data);
    });
  });
  await new Promise<void>((resolve) => sticky.listen(0, '127.0.0.1', resolve));
  const address = sticky.address();
  assert.ok(typeof address === 'object' && address !== null);
  const urls = [nginx.url('a'), `rtmp://127.0.0.1:${address.port}/live/b`];
  const service = spawn(process.execPath, [SERVICE, ...urls], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let children: number[] = [];
  try {
    let said = '';
    service.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until('all are live', () => said.includes('live'));
    assert.ok(service.pid !== undefined);
    children = childrenOf(service.pid);
    assert.equal(children.length, 3, 'an encoder and two relays');
    isStuck = true;
    // Until the stuck relay's own socket is full, some of the stream goes on flowing.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    service.kill('SIGKILL');
    await until('they have ended', () => children.every((pid) => parentOf(pid) === null), 20_000);
  } finally {
    service.kill('SIGKILL');
    for (const pid of children) if (parentOf(pid) !== null) process.kill(pid, 'SIGKILL');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => sticky.close(resolve));
    await nginx.close();
  }
});
