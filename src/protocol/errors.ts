import { transferHandlers } from 'comlink';
import { AppError, type AppErrorData, CancelledError, isCancelled, toAppError } from '../domain/index.ts';

type Thrown = { readonly cancelled: true } | { readonly cancelled: false; readonly data: AppErrorData };

/**
 * Makes errors cross threads whole. Comlink's own rule carries only name, message and stack, so a hint would be lost.
 * Call once in every thread that exposes or wraps an API.
 */
export function installErrorTransfer(): void {
  const usual = transferHandlers.get('throw');
  if (!usual) throw new Error('comlink has no "throw" transfer handler: its internals have changed');
  transferHandlers.set('throw', {
    canHandle: usual.canHandle,
    serialize: (thrown: unknown) => [pack((thrown as { value: unknown }).value), []],
    deserialize: (packed: unknown): never => {
      throw unpack(packed as Thrown);
    },
  });
}

export const pack = (error: unknown): Thrown =>
  isCancelled(error) ? { cancelled: true } : { cancelled: false, data: toAppError(error).toData() };

export const unpack = (thrown: Thrown): Error => (thrown.cancelled ? new CancelledError() : AppError.fromData(thrown.data));
