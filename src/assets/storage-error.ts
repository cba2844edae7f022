import { AppError } from '../core/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space, or delete assets.',
  EDQUOT: 'The disk quota is used up. Free some space, or delete assets.',
  EFBIG: 'The file is larger than the system allows.',
  EROFS: 'The disk is read-only. Make DATA_DIR writable.',
  EACCES:
    'The folder of the cache may not be written. Give the service the right to write to DATA_DIR.',
  EPERM:
    'The folder of the cache may not be written. Give the service the right to write to DATA_DIR.',
  ENOTDIR: 'A file stands where the folder of the cache should be. Move it, or set DATA_DIR.',
  EIO: 'The disk reports an error.',
  EMFILE: 'There are too many open files. Raise the limit (ulimit -n).',
};

/** A failure of the disk as SM_ASSET_STORAGE; null for any other error. */
export function toStorageError(thrown: unknown): AppError | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string')
    return null;
  const isOfFiles =
    'syscall' in thrown &&
    /^(open|write|fsync|rename|mkdir|close|lstat|stat|scandir|rm|unlink)$/.test(
      String(thrown.syscall),
    );
  const reason = REASONS[thrown.code];
  if (reason === undefined || !isOfFiles) return null;
  return new AppError('SM_ASSET_STORAGE', reason, [], { cause: thrown });
}
