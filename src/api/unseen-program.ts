import { AppError } from '../core/errors.js';
import type { ProgramService } from './ports.js';

/** The program for what is only tried out: it can be looked at, and nothing is ever shown by it. */
export function createUnseenProgram(program: ProgramService): ProgramService {
  const refuse = (): Promise<void> =>
    Promise.reject(
      new AppError(
        'SM_DRY_RUN_UNSUPPORTED',
        'The stream cannot be started or stopped in a dry run.',
      ),
    );
  return {
    get state() {
      return program.state;
    },
    get reason() {
      return program.reason;
    },
    get failure() {
      return program.failure;
    },
    get stats() {
      return program.stats;
    },
    get outputs() {
      return program.outputs;
    },
    get inputs() {
      return program.inputs;
    },
    get meters() {
      return program.meters;
    },
    get clock() {
      return program.clock;
    },
    whenOnAir: () => Promise.resolve(null),
    start: refuse,
    stop: refuse,
  };
}
