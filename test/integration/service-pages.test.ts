import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRpc, type RpcClient } from '../api/rpc-client.js';
import { PageServer } from '../support/page-server.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { shownColour, showsColour } from '../support/shown-colour.js';

/** Web pages through the whole service: in a real browser, driven over the API, seen in what the program shows. */

const SIZE = { width: 1920, height: 1080 };
const PAGE = { width: 320, height: 180 };
/** Starting a browser takes seconds on a busy machine. */
const PATIENCE_MS = 60_000;

const PAGES = {
  '/plain': '<body style="margin:0;background:#c86428">',
  '/free': '<body style="margin:0"><div style="width:50vw;height:100vh;background:#c86428"></div>',
  '/driven': `<body style="margin:0;background:#28c864"><script>
    addEventListener('message', ({ data }) => {
      if (data.hang) for (;;);
      document.body.style.background = data.color;
      streamManager.send({ shown: data.color });
    });</script>`,
  '/moving': `<body style="margin:0;background:#000"><div id="d" style="width:20px;height:100vh;background:#fff"></div><script>
    let i = 0;
    const step = () => { d.style.marginLeft = (i++ % 300) + 'px'; requestAnimationFrame(step); };
    step();</script>`,
  '/probing': `<body style="margin:0"><script>
    const from = new URLSearchParams(location.search).get('from');
    fetch(from, { mode: 'no-cors' }).then(() => 'reached', () => 'refused').then((result) => {
      document.body.style.background = result === 'reached' ? '#ff0000' : '#00ff00';
    });</script>`,
};

let server: PageServer;
let service: Service;
let rpc: RpcClient;
before(async () => {
  server = await PageServer.open(PAGES);
  service = await Service.start({ ...SMALL_STREAM, ASSET_ALLOW_PRIVATE: '127.0.0.1' });
  await service.must('POST', '/api/inputs', {
    id: 'page',
    content: { kind: 'web', url: server.url('/plain'), ...PAGE },
  });
  const layer = { id: 'page', type: 'input', input: 'page', ...SIZE, fit: 'fill' } as const;
  await service.show({
    id: 'main',
    background: '#0000ff',
    layers: [{ ...layer, whenLost: 'hold' }],
  });
  await service.must('POST', '/api/stream/start');
  rpc = await openRpc(`ws://127.0.0.1:${service.apiPort}/ws`);
  await rpc.call('events.subscribe', { topics: ['input'] });
});
after(async () => {
  rpc.close();
  await service.close();
  await server.close();
});

type Status = { readonly state: string; readonly reason: string | null; readonly pictures: number };

async function statusOf(id = 'page'): Promise<Status> {
  const { json } = await service.must('GET', `/api/inputs/${id}`);
  return json['status'] as Status;
}

function isIn(state: string): Promise<void> {
  return service.until(
    `the page is ${state}`,
    async () => (await statusOf()).state === state,
    PATIENCE_MS,
  );
}

/** Has another page shown. */
async function browse(path: string, more: object = {}): Promise<void> {
  await service.must('PATCH', '/api/inputs/page', {
    content: { kind: 'web', url: server.url(path), ...PAGE, ...more },
  });
}

function isShown(wanted: readonly number[]): Promise<void> {
  return showsColour(service, wanted, PATIENCE_MS);
}

/** Processes whose command line names Chromium. */
function browsers(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      return /^\d+$/.test(name) && /chrom/.test(line.split('\0')[0] ?? '') ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

test('a page is shown in its colours, and what it leaves free is transparent', async () => {
  await isShown([200, 100, 40]);
  assert.equal((await statusOf()).state, 'live');
  await browse('/free');
  // A half of it, and the blue of the scene beside it.
  await isShown([100, 50, 148]);
  await browse('/free', { transparent: false });
  await isShown([228, 178, 148]);
});

test('a still page stays, and one that moves sends no more pictures than it may', async () => {
  await browse('/plain');
  await isShown([200, 100, 40]);
  await sleep(3000);
  await isShown([200, 100, 40]);
  await browse('/moving', { fps: 10 });
  await isIn('live');
  const [before, startMs] = [(await statusOf()).pictures, performance.now()];
  await sleep(6000);
  const count = (await statusOf()).pictures - before;
  // The status is up to a second old, and Chromium has a few on their way at the beginning.
  const seconds = (performance.now() - startMs) / 1000 + 1;
  assert.ok(count >= 10 && count <= 10 * seconds + 3, `${count} pictures in ${seconds} s`);
});

test('CSS and JavaScript are added, also where the page forbids those of others', async () => {
  await browse('/plain', { css: 'body { background: #0000c8 !important }' });
  await isShown([0, 0, 200]);
  await browse('/plain', {
    js: "addEventListener('load', () => { document.body.style.background = '#00c800'; });",
  });
  await isShown([0, 200, 0]);
});

test('a page is driven by messages, and answers with events', async () => {
  await browse('/driven');
  await isShown([40, 200, 100]);
  await service.must('POST', '/api/inputs/page/message', { message: { color: '#c800c8' } });
  await isShown([200, 0, 200]);
  await service.until('it has answered', () =>
    rpc.events.some(({ type, data }) => {
      const { message } = Object(data) as { message?: { shown?: string } };
      return type === 'input.message' && message?.shown === '#c800c8';
    }),
  );
  await service.must('POST', '/api/inputs/page/reload');
  await isShown([40, 200, 100]);
});

test('a page begins without cookies each time, unless it is to keep them', async () => {
  for (const cookies of [false, true]) {
    const path = `/plain?cookies=${String(cookies)}`;
    await browse(path, { cookies });
    await isIn('live');
    await service.must('POST', '/api/inputs/page/reload');
    const asked = (): string[] =>
      server.requests.filter((request) => request.path === path).map(({ cookie }) => cookie);
    await service.until('it is loaded again', () => asked().length === 2, PATIENCE_MS);
    assert.deepEqual(asked(), ['', cookies ? 'seen=yes' : '']);
    await isIn('live');
  }
});

test('a page reaches no private address, and nothing of the service', async () => {
  for (const from of [
    `http://127.0.0.1:${service.apiPort}/api/stream/status`,
    `http://localhost:${service.apiPort}/api/stream/status`,
    `http://127.0.0.1:${service.rtmpPort}/`,
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
  ]) {
    await browse(`/probing?from=${encodeURIComponent(from)}`);
    await isShown([0, 255, 0]);
  }
  await browse(`/probing?from=${encodeURIComponent(server.url('/plain'))}`);
  await isShown([255, 0, 0]);
  for (const url of ['http://169.254.169.254/', `http://127.0.0.1:${service.apiPort}/`]) {
    await service.must('PATCH', '/api/inputs/page', { content: { kind: 'web', url } });
    await isIn('refused');
    assert.match((await statusOf()).reason ?? '', /not public|public internet/);
  }
  for (const url of ['file:///etc/passwd', 'chrome://version']) {
    const content = { kind: 'web', url };
    const { status } = await service.api('PATCH', '/api/inputs/page', { content });
    assert.equal(status, 422);
  }
});

test('a page that hangs, or whose browser dies, is loaded again, and its last picture is held', async () => {
  await browse('/driven');
  await isShown([40, 200, 100]);
  await service.must('POST', '/api/inputs/page/message', { message: { color: '#c800c8' } });
  await isShown([200, 0, 200]);
  await service.must('POST', '/api/inputs/page/message', { message: { hang: true } });
  await service.until(
    'it is found',
    async () => /not responded/.test((await statusOf()).reason ?? ''),
    PATIENCE_MS,
  );
  assert.deepEqual(
    (await shownColour(service)).map((value) => Math.round(value / 20)),
    [10, 0, 10],
  );
  await isShown([40, 200, 100]);
  for (const pid of browsers()) process.kill(pid, 'SIGKILL');
  await service.until('it is found', async () => (await statusOf()).state !== 'live', PATIENCE_MS);
  await isIn('live');
  await isShown([40, 200, 100]);
});

test('a page that hangs is loaded again at once when that is asked for, also one that keeps its cookies', async () => {
  // Another one first, so that it is seen when this one is there.
  await browse('/plain');
  await isShown([200, 100, 40]);
  await browse('/driven', { cookies: true });
  await isShown([40, 200, 100]);
  await service.must('POST', '/api/inputs/page/message', { message: { color: '#c800c8' } });
  await isShown([200, 0, 200]);
  await service.must('POST', '/api/inputs/page/message', { message: { hang: true } });
  await service.must('POST', '/api/inputs/page/reload');
  await isShown([40, 200, 100]);
});

test('a page that is not there says so, and is there when it is', async () => {
  await browse('/missing');
  await service.until(
    'it says so',
    async () => /404/.test((await statusOf()).reason ?? ''),
    PATIENCE_MS,
  );
  await browse('/plain');
  await isShown([200, 100, 40]);
});

test('of a page that nobody shows any more nothing is left', async () => {
  await service.must('DELETE', '/api/inputs/page');
  await service.until('no browser runs', () => browsers().length === 0, PATIENCE_MS);
  const { status } = await service.api('POST', '/api/inputs/page/message', { message: 1 });
  assert.equal(status, 404);
});

test('without Chromium a page says what is missing, and everything else goes on', async () => {
  const other = await Service.start({ ...SMALL_STREAM, CHROMIUM_PATH: '/nowhere/chromium' });
  try {
    await other.must('POST', '/api/inputs', {
      id: 'page',
      isKeptOpen: true,
      content: { kind: 'web', url: 'https://1.1.1.1/' },
    });
    await other.until(
      'it says so',
      async () => {
        const { json } = await other.must('GET', '/api/inputs/page');
        return JSON.stringify(json['status']).includes('CHROMIUM_PATH');
      },
      PATIENCE_MS,
    );
  } finally {
    await other.close();
  }
});
