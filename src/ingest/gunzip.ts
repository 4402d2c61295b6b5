import { AppError, type ByteSource } from '../domain/index.ts';
import { damagedGzip, unreadable } from './errors.ts';
import { chunksOf, streamOf, UnpackBound } from './unpacking.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** RFC 1952, 2.3: two bytes of magic and deflate as the method; the three highest flags are never set. */
const MAGIC = [0x1f, 0x8b, 0x08] as const;
const RESERVED_FLAGS = 0xe0;
/** Header and trailer of a member that holds nothing. */
const SMALLEST_MEMBER = 18;

export const looksGzipped = (head: Uint8Array): boolean => head[0] === MAGIC[0] && head[1] === MAGIC[1];

/**
 * The unpacked bytes of a .gz, of all its members one after the other: files put together with `cat`, or written block by block, have many.
 * A browser's DecompressionStream refuses what follows the first member, where Node's reads on; so each member gets a stream of its own,
 * and both do the same.
 * @throws AppError input, through the stream, where it is cut off, damaged, or unpacks to more than any table
 */
export const gunzip = (file: ByteSource): ReadableStream<Bytes> => streamOf(members(file));

async function* members(file: ByteSource): AsyncGenerator<Bytes, void, undefined> {
  const bound = new UnpackBound(file.name, file.size);
  for (let start = 0; start < file.size; ) start = yield* member(file, start, bound);
}

/**
 * Yields one member and returns where the next one begins. Only unpacking tells where a member ends, and a stream does not say how much it
 * took; so it is given the bytes up to the next place that looks like a header. Where that is no end, the stream complains of too little,
 * and the member is unpacked again to the place after that, leaving out what was yielded. By chance alone a header shows once in 134 million bytes.
 */
async function* member(file: ByteSource, start: number, bound: UnpackBound): AsyncGenerator<Bytes, number, undefined> {
  let yielded = 0;
  let from = start + SMALLEST_MEMBER;
  for (;;) {
    const feed = new MemberFeed(file, start, from);
    let at = 0;
    try {
      for await (const bytes of feed.unpacked()) {
        const fresh = bytes.subarray(Math.max(0, Math.min(bytes.length, yielded - at)));
        at += bytes.length;
        yielded = Math.max(yielded, at);
        bound.add(fresh.length);
        if (fresh.length > 0) yield fresh;
      }
      return feed.end;
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (feed.unreadable !== undefined) throw unreadable(file.name, feed.unreadable);
      if (!feed.cutHere) throw damagedGzip(file.name, error);
      from = feed.end + 1;
    }
  }
}

/** Bytes of a file from `start` to the next header at or after `from`, or to the file's end, given to a stream that unpacks them. */
class MemberFeed {
  readonly #file: ByteSource;
  readonly #start: number;
  readonly #from: number;
  /** Where the bytes given end. */
  end: number;
  /** They end before the file does, at what looks like a header. */
  cutHere = false;
  unreadable: unknown;

  constructor(file: ByteSource, start: number, from: number) {
    this.#file = file;
    this.#start = start;
    this.#from = from;
    this.end = start;
  }

  async *unpacked(): AsyncGenerator<Bytes, void, undefined> {
    const unpacking = new DecompressionStream('gzip');
    const feeding = this.#feed(unpacking.writable.getWriter());
    try {
      yield* chunksOf(unpacking.readable);
    } finally {
      await feeding;
    }
  }

  /** Never rejects: what goes wrong shows at the readable end, or in `unreadable`. */
  async #feed(writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> {
    const raw = this.#file.slice(this.#start, this.#file.size).stream().getReader() as ReadableStreamDefaultReader<Bytes>;
    try {
      for (;;) {
        const chunk = await this.#next(raw);
        if (chunk === null) break;
        const cut = this.#headerIn(chunk);
        this.end += cut ?? chunk.length;
        await writer.write(cut === null ? chunk : chunk.subarray(0, cut));
        if (cut === null) continue;
        this.cutHere = true;
        break;
      }
      await writer.close();
    } catch (error) {
      // Whoever reads what is unpacked is told; that writer and file refuse to be closed then says nothing new.
      await writer.abort(error).catch(() => {});
    } finally {
      await raw.cancel().catch(() => {});
    }
  }

  async #next(raw: ReadableStreamDefaultReader<Bytes>): Promise<Bytes | null> {
    try {
      const { done, value } = await raw.read();
      const chunk = done ? null : value;
      return chunk === null ? this.#flushTail() : this.#holdTail(chunk);
    } catch (error) {
      this.unreadable = error;
      throw error;
    }
  }

  #tail: Bytes = new Uint8Array(0);

  /** A header may lie across two chunks: up to three last bytes that may begin one are given with the next. */
  #holdTail(chunk: Bytes): Bytes {
    const whole = joined(this.#tail, chunk);
    const mark = whole.indexOf(MAGIC[0], Math.max(0, whole.length - 3));
    const cut = mark === -1 ? whole.length : mark;
    this.#tail = whole.slice(cut);
    return whole.subarray(0, cut);
  }

  #flushTail(): Bytes | null {
    const last = this.#tail;
    this.#tail = new Uint8Array(0);
    return last.length > 0 ? last : null;
  }

  #headerIn(chunk: Bytes): number | null {
    const first = Math.max(0, this.#from - this.end);
    for (let at = chunk.indexOf(MAGIC[0], first); at !== -1; at = chunk.indexOf(MAGIC[0], at + 1)) {
      const isHeader = chunk[at + 1] === MAGIC[1] && chunk[at + 2] === MAGIC[2];
      if (isHeader && ((chunk[at + 3] ?? 0xff) & RESERVED_FLAGS) === 0) return at;
    }
    return null;
  }
}

function joined(a: Bytes, b: Bytes): Bytes {
  if (a.length === 0) return b;
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
