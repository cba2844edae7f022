import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createCanvas } from '../../src/render/canvas.js';
import { openRpc, type RpcClient } from '../api/rpc-client.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { isNear, type Rgb, type StreamView, viewStream } from '../support/stream-view.js';

const GROUND = { type: 'shape', shape: 'rectangle', width: 1920, height: 1080 } as const;

let service: Service;
let view: StreamView;
let rpc: RpcClient;
before(async () => {
  service = await Service.start(SMALL_STREAM);
  await service.show({
    id: 'main',
    layers: [
      { ...GROUND, id: 'ground', fill: '#803020', bindings: { fill: 'team.color' } },
      { id: 'words', type: 'text', text: '{{words}}', fontSize: 200, fontWeight: 900, y: 700 },
      {
        id: 'art',
        type: 'image',
        asset: 'none',
        width: 1920,
        height: 600,
        visible: false,
        bindings: { asset: 'lot.picture', visible: 'has(lot.picture)' },
      },
    ],
  });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  view = viewStream(service.playUrl);
  rpc = await openRpc(`ws://127.0.0.1:${service.apiPort}/ws`);
  await rpc.call('events.subscribe', { topics: ['scene', 'variables'] });
});
after(async () => {
  rpc.close();
  await view.close();
  await service.close();
});

async function sees(color: Rgb): Promise<void> {
  await view.until(`the colour ${color.join()}`, () => isNear(view.colorAt(0.5, 0.2), color));
}

async function set(values: object): Promise<void> {
  await service.must('PATCH', '/api/variables', { values });
}

function revisionsOnAir(): unknown[] {
  return rpc.events
    .filter(({ type }) => type === 'scene.on-air')
    .map(({ data }) => data['revision']);
}

test('variables that are set are seen in the stream: colours, texts and pictures', async () => {
  await sees([128, 48, 32]);
  assert.equal(view.brightPixels(200), 0);
  await set({ team: { color: '#208030' }, words: 'WWWWWWWW' });
  await sees([32, 128, 48]);
  await view.until('bright letters', () => view.brightPixels(200) > 20);
  await set({ words: null });
  await view.until('no letters', () => view.brightPixels(200) === 0);

  const canvas = createCanvas(64, 32);
  const context = canvas.getContext('2d');
  context.fillStyle = '#4040c0';
  context.fillRect(0, 0, 64, 32);
  await service.must('POST', '/api/assets?id=blue', await canvas.encode('png'));
  await set({ lot: { picture: 'blue' } });
  await sees([64, 64, 192]);
  await set({ lot: null });
  await sees([32, 128, 48]);
});

test('variables that nothing on air uses send nothing to the program', async () => {
  await set({ other: 1, team: { name: 'Home' } });
  await set({ team: { color: '#803020' } });
  const { revision } = await service.status();
  await service.until('the colour is on air', () => revisionsOnAir().includes(revision));
  assert.ok(!revisionsOnAir().includes(revision - 1));
});

test('a value that does not fit leaves the picture as the document has it, and is told of once', async () => {
  await set({ team: { color: 'no colour' } });
  await service.until('it is told', () =>
    rpc.events.some(({ type }) => type === 'variables.problem'),
  );
  await set({ team: { name: 'Away' }, words: null });
  const told = rpc.events.filter(({ type }) => type === 'variables.problem');
  assert.deepEqual(
    told.map(({ data }) => [data['sceneId'], data['layerId'], data['property'], data['kind']]),
    [['main', 'ground', 'fill', 'value']],
  );
  await sees([128, 48, 32]);
});
