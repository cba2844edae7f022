import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { AppError } from './core/errors.js';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment together with the file `.env`, if there is one: what the environment has set wins.
 * @throws AppError SM_CONFIG_INVALID when the file is there but cannot be read
 */
export function loadEnvironment(path: string, env: Environment): Environment {
  try {
    return { ...parseEnv(readFileSync(path, 'utf8')), ...env };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return env;
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('SM_CONFIG_INVALID', `${path} cannot be read: ${message}.`, [], {
      cause: error,
    });
  }
}
