import { AppError } from '../domain/index.ts';
import { unreadable } from './errors.ts';
import { chunksOf } from './unpacking.ts';

/**
 * The chunks of a stream. Closes it on leaving early.
 * @param name of the file or table, for errors
 * @throws AppError input where it breaks off
 */
export async function* readChunks(
  name: string,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  try {
    yield* chunksOf(stream);
  } catch (error) {
    // Thrown by the stream only: what the consumer throws does not enter a generator.
    throw error instanceof AppError ? error : unreadable(name, error);
  }
}
