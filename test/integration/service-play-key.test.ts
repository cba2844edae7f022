import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { z } from 'zod';
import { probeStreams } from '../support/media.js';
import { Service } from '../support/service.js';

const TOKEN = 'a-token-of-the-operator';
const OutputsSchema = z.object({ outputs: z.array(z.object({ id: z.string(), url: z.string() })) });

let service: Service;
before(async () => {
  service = await Service.start({ API_TOKEN: TOKEN, AUTOSTART: 'false' });
  await post('/api/stream/start');
});
after(() => service.close());

const headers = { authorization: `Bearer ${TOKEN}` };

async function post(path: string): Promise<void> {
  const { statusCode, body } = await request(`${service.origin}${path}`, {
    method: 'POST',
    headers,
  });
  assert.equal(statusCode, 200, await body.text());
}

test('with a token, only those watch whom the API or the start has given the address', async () => {
  const { body } = await request(`${service.origin}/api/outputs`, { headers });
  const { outputs } = OutputsSchema.parse(await body.json());
  const url = outputs.find(({ id }) => id === 'program')?.url ?? '';
  assert.match(url, /^rtmp:\/\/127\.0\.0\.1:\d+\/live\/program\?key=[\w-]{43}$/);
  assert.ok(service.output.includes(`ffplay ${url}`), service.output);
  assert.ok(!service.output.includes(TOKEN));
  assert.equal((await probeStreams(url)).length, 2);
  await assert.rejects(probeStreams(service.playUrl), 'without the key');
});
