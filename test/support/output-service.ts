import { createOutputRig } from './output-rig.js';

/**
 * A process of its own that encodes and sends to the addresses in its arguments until it is killed: run it to see
 * what its children do then. Says `live` when all are connected.
 */
const targets = process.argv.slice(2).map((url, index) => ({ id: String(index), url }));
const rig = await createOutputRig({ targets, bitrateBps: 40_000_000 });
await rig.start();
const timer = setInterval(() => {
  if (!targets.every(({ id }) => rig.status(id)?.state === 'live')) return;
  clearInterval(timer);
  process.stdout.write('live\n');
}, 50);
