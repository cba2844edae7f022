import { AppError } from '../core/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space, or delete assets.',
  EDQUOT: 'The disk quota is exceeded. Free some space, or delete assets.',
  EFBIG: 'The file is larger than the file system allows.',
  EROFS: 'The disk is read-only. Make DATA_DIR writable.',
  EACCES: 'The cache folder is not writable. Give the service write permission for DATA_DIR.',
  EPERM: 'The cache folder is not writable. Give the service write permission for DATA_DIR.',
  ENOTDIR: 'The path of the cache folder is a file. Move the file, or set DATA_DIR.',
  EIO: 'The disk reported an I/O error.',
  EMFILE: 'Too many files are open. Raise the limit (ulimit -n).',
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
