import type { SqlProblem } from './intake.ts';

/**
 * Three kinds of trouble, three answers:
 * - `input`: the user's data or settings; explain it and let them mend it;
 * - `ability`: something this machine lacks; fall back and say so;
 * - `bug`: our mistake; loud, with details to report.
 */
export type ErrorKind = 'input' | 'ability' | 'bug';

/** Plain form of an {@link AppError}, for messages between threads. */
export interface AppErrorData {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly detail: string;
  readonly sql?: SqlProblem;
}

/**
 * The only error that the product shows.
 * `message` says what was asked and what was found, `hint` what to do about it.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;
  readonly detail: string;
  /** Of the code 'sql': which of the user's texts is wrong, and where. */
  readonly sql: SqlProblem | undefined;

  constructor(kind: ErrorKind, code: string, message: string, hint: string, cause?: unknown, sql?: SqlProblem) {
    super(message, cause === undefined ? undefined : { cause });
    this.sql = sql;
    this.kind = kind;
    this.code = code;
    this.hint = hint;
    this.detail = cause === undefined ? '' : describeCause(cause);
  }

  toData(): AppErrorData {
    const { kind, code, message, hint, detail, sql } = this;
    return { kind, code, message, hint, detail, ...(sql && { sql }) };
  }

  static fromData(data: AppErrorData): AppError {
    return new AppError(data.kind, data.code, data.message, data.hint, data.detail || undefined, data.sql);
  }
}

/** The user's data or settings are at fault. */
export const inputError = (code: string, message: string, hint: string, cause?: unknown): AppError =>
  new AppError('input', code, message, hint, cause);

/** SQL of the user's can't be run. */
export const sqlError = (problem: SqlProblem, hint: string, cause?: unknown): AppError => {
  const where = problem.field === 'filter' ? 'The filter' : `The derived column "${problem.field}"`;
  return new AppError('input', 'sql', `${where} can't be computed. ${problem.message}`, hint, cause, problem);
};

/** This machine or browser lacks something. */
export const abilityError = (code: string, message: string, hint: string, cause?: unknown): AppError =>
  new AppError('ability', code, message, hint, cause);

/** Thrown at the next checkpoint after a job was cancelled; never shown as an error. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('The job was cancelled.');
  }
}

export const isCancelled = (error: unknown): boolean =>
  error instanceof CancelledError || (error instanceof Error && error.name === 'CancelledError');

/** Any thrown value as an AppError; what is not one of ours counts as our mistake. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(
    'bug',
    'unexpected',
    `Something went wrong inside Murmuration: ${message}`,
    'Please report this with the details below.',
    error,
  );
}

function describeCause(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? cause.message;
  return String(cause);
}
