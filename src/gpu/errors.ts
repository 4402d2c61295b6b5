import { AppError } from '../domain/index.ts';

/** The device went away (driver reset, tab in the background, `destroy()`). What ran on it must go on elsewhere. */
export class GpuLostError extends AppError {
  constructor(reason: string, cause?: unknown) {
    super(
      'ability',
      'gpu-lost',
      `The graphics device was lost (${reason}).`,
      'The work goes on on the CPU. Reload the page to use the graphics device again.',
      cause,
    );
  }
}

/** A refused allocation, a kernel that this driver rejects, an answer that can't be read. */
export const gpuError = (what: string, cause: unknown): AppError =>
  new AppError(
    'ability',
    'gpu-failed',
    `The graphics device failed at "${what}": ${messageOf(cause)}`,
    'The work goes on on the CPU.',
    cause,
  );

/** `message` of anything thrown or reported; GPUError is no Error, and Dawn's AbortError has an empty message. */
export function messageOf(cause: unknown): string {
  const message = (cause as { message?: unknown } | null)?.message;
  const text =
    typeof message === 'string' && message !== '' ? message : String((cause as { name?: unknown } | null)?.name ?? cause);
  return text.split('\n', 1)[0] as string;
}
