import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOSTILE_CHAT, hostileMessage } from '../../test/support/hostile-messages.js';
import { RandomNumbers } from '../../test/support/random-numbers.js';
import type { BenchContext, Part } from '../part.js';
import { Service } from './service.js';
import { recordWatched, STITCHER_HOOK, watchAir } from './watched-air.js';

const MESSAGES_PER_SECOND = 100;
const SEED = 20_261_127;
const SETTLE_MS = 2000;
const LAYER_PATH = '/api/scenes/program/layers';
/** Answers that a message may get. */
const TAKEN = 201;
const REFUSED = 422;

type Answers = { sent: number; taken: number; refused: number; failed: number; slowestMs: number };

/** Posts messages at an even rate, whether the ones before are answered or not. */
async function flood(service: Service, seconds: number): Promise<Answers> {
  const random = new RandomNumbers(SEED);
  const answers: Answers = { sent: 0, taken: 0, refused: 0, failed: 0, slowestMs: 0 };
  const post = async (i: number): Promise<void> => {
    const { author, text } = hostileMessage(random, i);
    const startedAtMs = performance.now();
    const path = `${LAYER_PATH}/${HOSTILE_CHAT.id}/messages`;
    const { status } = await service.send('POST', path, { author, text });
    answers.slowestMs = Math.max(answers.slowestMs, performance.now() - startedAtMs);
    if (status === TAKEN) answers.taken += 1;
    else if (status === REFUSED) answers.refused += 1;
    else answers.failed += 1;
  };
  const startedAtMs = performance.now();
  const posts: Promise<void>[] = [];
  while (answers.sent < seconds * MESSAGES_PER_SECOND) {
    posts.push(post(answers.sent++));
    const dueAtMs = startedAtMs + (answers.sent * 1000) / MESSAGES_PER_SECOND;
    await sleep(Math.max(0, dueAtMs - performance.now()));
  }
  await Promise.all(posts);
  return answers;
}

/** What a chat under attack costs on air, beside the same scene in which nobody says anything. */
export const chatPart: Part = {
  name: 'chat',
  summary: `auction with a chat on air: ${MESSAGES_PER_SECOND} hostile messages a second, beside none`,
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const seconds = context.seconds ?? (context.quick ? 1 : 60);
    const dataDir = join(context.folder, 'data');
    await mkdir(dataDir);
    const service = await Service.start({ dataDir, imports: [STITCHER_HOOK] });
    try {
      await service.call('POST', LAYER_PATH, HOSTILE_CHAT);
      await sleep(SETTLE_MS);
      const quiet = await watchAir(service, dataDir, sleep(seconds * 1000));
      recordWatched(context, 'quiet', quiet, true);
      let answers: Answers | null = null;
      const work = flood(service, seconds).then((all) => {
        answers = all;
      });
      recordWatched(context, 'hostile', await watchAir(service, dataDir, work));
      context.progress(JSON.stringify(answers));
      context.record('memory', (await service.memoryBytes()) / 1e6, 'MB');
    } finally {
      await service.stop();
    }
  },
};
