import { type AppError, type ByteSource, inputError } from '../domain/index.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const MIB = 1024 * 1024;
/** Logs and tables pack to a tenth or a fiftieth. Deflate can't go beyond 1,032 times, which only bytes without any content reach. */
const LARGEST_RATIO = 500;
/** A small file may be all zeros. */
const RATIO_COUNTS_FROM = 64 * MIB;
/** What is held whole after unpacking: formats that are read from their end. */
export const LARGEST_BLOB = 1024 * MIB;

/** Stops unpacking at a size that no table has, whatever the container says of itself (a "zip bomb"). */
export class UnpackBound {
  readonly #name: string;
  readonly #packed: number;
  #unpacked = 0;

  /** @param packed bytes before unpacking */
  constructor(name: string, packed: number) {
    this.#name = name;
    this.#packed = packed;
  }

  /** @throws AppError input */
  add(bytes: number): void {
    this.#unpacked += bytes;
    if (this.#unpacked > RATIO_COUNTS_FROM && this.#unpacked > LARGEST_RATIO * this.#packed) throw bomb(this.#name);
  }
}

const bomb = (name: string): AppError =>
  inputError(
    'unpacks-too-large',
    `${name} unpacks to more than ${LARGEST_RATIO} times its size: no table packs so well.`,
    'The file may be made to fill the memory. If it is what it should be, unpack it and choose the unpacked file.',
  );

/** The bytes of a stream as a blob. @throws AppError input beyond {@link LARGEST_BLOB} */
export async function blobOf(name: string, stream: ReadableStream<Bytes>): Promise<Blob> {
  const parts: Blob[] = [];
  let size = 0;
  for await (const bytes of chunksOf(stream)) {
    size += bytes.length;
    if (size > LARGEST_BLOB) throw tooLarge(name);
    parts.push(new Blob([bytes]));
  }
  return new Blob(parts);
}

const tooLarge = (name: string): AppError =>
  inputError(
    'unpacked-too-large',
    `${name} is read from its end, so it is unpacked first, and it unpacks to more than ${LARGEST_BLOB / MIB} MB.`,
    'Unpack it and choose the unpacked file: that is read from the disk, piece by piece.',
  );

/** What a generator yields as a stream; cancelling ends the generator. */
export function streamOf(chunks: AsyncGenerator<Bytes, void, undefined>): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return();
    },
  });
}

/** Of a stream, which ends with the loop over it. Not every browser can loop over a stream itself. */
export async function* chunksOf(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    // A stream that broke off refuses this with the error that reading it has thrown already.
    await reader.cancel().catch(() => {});
  }
}

/** The first bytes of a stream, at most `size`; the rest is not read. */
export async function headOf(stream: ReadableStream<Bytes>, size: number): Promise<Bytes> {
  const head = new Uint8Array(size);
  let length = 0;
  for await (const bytes of chunksOf(stream)) {
    const part = bytes.subarray(0, size - length);
    head.set(part, length);
    length += part.length;
    if (length === size) break;
  }
  return head.subarray(0, length);
}

/** A blob in memory as a file. */
export const blobSource = (name: string, blob: Blob): ByteSource => ({
  name,
  size: blob.size,
  slice: (start, end) => blob.slice(start, end),
  stream: () => blob.stream() as ReadableStream<Bytes>,
});
