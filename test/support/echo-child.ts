import { openParent } from '../../src/core/parent-process.js';

/** Says what it is told; ends when it is told to, or when nobody is there any more. */
const parent = openParent<{ readonly end?: number }, unknown>(
  (message) => {
    parent.send(message);
    if (message.end !== undefined) setTimeout(() => process.exit(message.end), 50);
  },
  () => process.exit(),
);
