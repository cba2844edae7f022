import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.js';
import { freePort } from '../support/ports.js';
import { Service, SMALL_STREAM } from '../support/service.js';

const EventsSchema = z.object({
  events: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.json()) })),
});

let nginx: NginxRtmp;
let service: Service;
before(async () => {
  nginx = await startNginxRtmp();
  service = await Service.start(SMALL_STREAM);
  await service.must('POST', '/api/stream/start');
});
after(async () => {
  await service.close();
  await nginx.close();
});

async function metrics(): Promise<string> {
  return (await service.must('GET', '/metrics')).bytes.toString();
}

function valueOf(text: string, series: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? NaN);
}

/** States that events have told of an output, in order. */
async function statesTold(id: string): Promise<unknown[]> {
  const reply = await service.must('GET', '/api/events?topics=output&limit=1000&since=0');
  return EventsSchema.parse(reply.json)
    .events.filter(({ type, data }) => type === 'output.status' && data['id'] === id)
    .map(({ data }) => data['state']);
}

test('events tell of an output what is news, and the status what it has sent', async () => {
  await service.must('POST', '/api/outputs', { id: 'good', url: nginx.url('good') });
  const url = `rtmp://127.0.0.1:${await freePort()}/live/key`;
  await service.must('POST', '/api/outputs', { id: 'dead', url });
  await service.outputIsLive('good');
  const { clock } = await service.ledger();
  await service.until('six seconds have passed', async () => {
    return (await service.ledger()).clock > clock + 180;
  });
  assert.deepEqual(await statesTold('good'), ['connecting', 'live']);
  assert.deepEqual(await statesTold('dead'), ['connecting', 'waiting']);
  const { outputs } = await service.status();
  const bytes = outputs.find(({ id }) => id === 'good')?.status.bytes ?? 0;
  assert.ok(bytes > 100_000, `${bytes} bytes`);
});

test('metrics tell of the outputs that there are, and of the memory of every thread and child', async () => {
  const text = await metrics();
  assert.ok(valueOf(text, 'stream_manager_output_bytes_total{output="good"}') > 100_000);
  for (const thread of ['main', 'compositor', 'stitcher', 'render', 'rtmp-server'])
    assert.ok(
      valueOf(text, `stream_manager_thread_memory_bytes{thread="${thread}"}`) > 1_000_000,
      thread,
    );
  for (const series of ['nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'])
    assert.ok(valueOf(text, series) > 1000, series);
  for (const child of ['encoder', 'relay'])
    assert.ok(valueOf(text, `stream_manager_child_memory_bytes{child="${child}"}`) > 1e6, child);

  await service.must('DELETE', '/api/outputs/good');
  await service.must('DELETE', '/api/outputs/dead');
  await service.until('the relay has gone', () => service.relayPid(nginx.url('good')) === null);
  // What it says at its end has come before this.
  await service.status();
  assert.doesNotMatch(await metrics(), /output="(good|dead)"/);
  assert.match(await metrics(), /output="program"/);
});

test('an output that is made again under its name begins anew', async () => {
  await service.must('POST', '/api/outputs', { id: 'good', url: nginx.url('again') });
  await service.outputIsLive('good');
  const { outputs } = await service.status();
  assert.equal(outputs.find(({ id }) => id === 'good')?.status.reconnects, 0);
  await service.must('PATCH', '/api/outputs/good', { enabled: false });
  await service.until('it is idle', async () => {
    const status = await service.status();
    return status.outputs.find(({ id }) => id === 'good')?.status.state === 'idle';
  });
});
