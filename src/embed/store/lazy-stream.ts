import { AppError } from '../../domain/index.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A stream that is opened when it is first read. What fails is told as `failure` says, but for errors that are the user's words already. */
export function lazyStream(
  open: () => Promise<ReadableStream<Bytes>>,
  failure: (cause: unknown) => AppError,
): ReadableStream<Bytes> {
  let reader: ReadableStreamDefaultReader<Bytes> | null = null;
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        try {
          reader ??= (await open()).getReader();
          const part = await reader.read();
          if (part.done) controller.close();
          else controller.enqueue(part.value);
        } catch (error) {
          throw error instanceof AppError ? error : failure(error);
        }
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    // Nothing is asked for before it is wanted.
    { highWaterMark: 0 },
  );
}
