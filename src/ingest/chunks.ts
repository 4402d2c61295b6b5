import { AppError } from '../domain/index.ts';
import { unreadable } from './errors.ts';

/**
 * The chunks of a stream. Closes it on leaving early.
 * @param name of the file or table, for errors
 * @throws AppError input where it breaks off
 */
export async function* readChunks(
  name: string,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    // Thrown by the stream only: what the consumer throws does not enter a generator.
    throw error instanceof AppError ? error : unreadable(name, error);
  } finally {
    await reader.cancel().catch(() => {});
  }
}
