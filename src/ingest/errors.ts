import { type AppError, inputError } from '../domain/index.ts';

/** One record longer than this is no table row: a lost quote, or a file that is not text by lines. In bytes or characters. */
export const MAX_RECORD = 8 * 1024 * 1024;

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`;

export const unreadable = (name: string, cause: unknown): AppError =>
  inputError(
    'file-unreadable',
    `${name} can't be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'The file may have been moved, changed or locked since it was chosen. Choose it again.',
    cause,
  );

export const damagedGzip = (name: string, cause: unknown): AppError =>
  inputError(
    'gzip-damaged',
    `${name} begins like a .gz file, but it can't be unpacked to its end: it is cut off or damaged.`,
    'Copy or download the file again, or unpack it and choose the unpacked file.',
    cause,
  );

export const emptyFile = (name: string): AppError =>
  inputError('file-empty', `${name} is empty.`, 'Choose a file with a header and at least one row.');

export const headerOnly = (name: string, header: readonly string[]): AppError =>
  inputError(
    'header-only',
    `${name} has a header line (${header.join(', ')}) and no rows below it.`,
    'Check that the export finished, or choose another file.',
  );

export const notATable = (name: string, found: string, hint: string): AppError =>
  inputError('not-a-table', `${name} is no table that can be read: it looks like ${found}.`, hint);

export const lineTooLong = (name: string, line: number): AppError =>
  inputError(
    'line-too-long',
    `${name}, line ${line}: a line goes on for more than ${megabytes(MAX_RECORD)}.`,
    'The file has no line breaks there. Mend that line, then choose the file again.',
  );

export const tooManyRows = (name: string, fit: number): AppError =>
  inputError(
    'too-many-rows',
    `${name} has more rows than fit into memory together: with these columns about ${fit.toLocaleString('en')} do.`,
    'Choose fewer columns or files, or export a shorter span of time or fewer users.',
  );
