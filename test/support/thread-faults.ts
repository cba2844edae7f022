import { connect } from 'node:net';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { ThreadFault } from '../../src/core/heartbeat.js';
import { BUILD_ROOT } from '../../src/core/paths.js';
import type { Variables } from './service.js';

/** Variable with the path of the Unix socket through which a service is told which of its threads is to fail. */
export const FAULT_SOCKET = 'SM_TEST_FAULT_SOCKET';

export type ThreadOrder = {
  /** The name of its entry in `workers/`, or `worker`, as piscina calls its threads: the render threads. */
  readonly thread: string;
  /** `block`: it hangs in code of the system, and cannot be ended. */
  readonly fault: ThreadFault | 'block';
};

/** What a service is started with so that its threads can be made to fail; see `fail-threads.ts`. */
export function faultVariables(socketPath: string): Variables {
  const entry = pathToFileURL(join(BUILD_ROOT, 'test', 'support', 'fail-threads.js')).href;
  return { NODE_OPTIONS: `--import=${entry}`, [FAULT_SOCKET]: socketPath };
}

/** Has a thread fail. Answers whether there was one of that name. */
export function failThread(socketPath: string, order: ThreadOrder): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    socket.once('error', reject);
    socket.once('close', () => {
      resolve(answer === 'true');
    });
    socket.write(JSON.stringify(order));
  });
}
