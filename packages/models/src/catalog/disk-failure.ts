import { AppError } from '@tandem/protocol';

/** A failure of the disk as one line that says what to do; any other error as it was. */
export const explainDiskFailure = (error: unknown, directory: string): unknown => {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(directory, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'disk',
        `cannot write to ${directory}; make it writable or set XDG_DATA_HOME to a folder that is`,
        { cause: error },
      );
    default:
      return error;
  }
};

export const diskFull = (directory: string, cause?: unknown): AppError =>
  new AppError(
    'disk',
    `the disk is full at ${directory}; free some space, or set XDG_DATA_HOME to a larger disk, and run it again: it goes on where it stopped`,
    { cause },
  );

export const errorCode = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
