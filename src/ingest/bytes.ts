import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError, type ByteSource, type JobContext } from '../domain/index.ts';
import { describeBinary, looksLikeJson } from './binary.ts';
import { damagedGzip, emptyFile, lineTooLong, MAX_RECORD, notATable, unreadable } from './errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** What one pass over the bytes of a file tells, before it is cut into rows. */
export interface Fingerprint {
  readonly sha256: string;
  readonly gzip: boolean;
  readonly encoding: Encoding;
  /** The beginning of the text, decoded. */
  readonly head: string;
  /** The head is the whole file. */
  readonly headIsAll: boolean;
}

/** Enough for a few hundred rows, by which the dialect shows; little enough to be parsed four times at once. */
const HEAD_BYTES = 256 * 1024;

/**
 * Pass one: hash (of the bytes as dropped), unpacking, encoding, and the checks that need no rows.
 * The encoding needs the whole file: the first byte that is no ASCII may stand tens of thousands of lines in.
 * @param onBytes is told how many bytes of the file (packed, if it is) were read since the last call
 * @throws AppError input: empty, unreadable, damaged .gz, binary, a line of more than 8 MiB
 */
export async function fingerprint(source: ByteSource, ctx: JobContext, onBytes: (n: number) => void): Promise<Fingerprint> {
  const gzip = await isGzip(source);
  const hash = sha256.create();
  const head = new HeadBuffer(HEAD_BYTES);
  const utf8 = new Utf8Check();
  const lines = new LineGuard(source.name);
  let checked = false;
  const checkHead = (): void => {
    checked = true;
    refuseBinary(source.name, head.bytes());
  };
  const onRaw = (raw: Bytes): void => {
    hash.update(raw);
    onBytes(raw.length);
  };
  for await (const bytes of openBytes(source, gzip, onRaw)) {
    head.add(bytes);
    if (!checked && head.full) checkHead();
    utf8.add(bytes);
    lines.add(bytes);
    await ctx.checkpoint();
  }
  if (head.total === 0) throw emptyFile(source.name);
  if (!checked) checkHead();
  const encoding = markOf(head.bytes()) ?? (utf8.end() ? 'utf-8' : 'windows-1252');
  const text = new TextDecoder(encoding).decode(head.bytes());
  if (looksLikeJson(text)) throw notATable(source.name, 'JSON', 'Export the table as CSV or TSV and choose that file.');
  if (text.trim() === '') throw emptyFile(source.name);
  return { sha256: bytesToHex(hash.digest()), gzip, encoding, head: text, headIsAll: head.total <= HEAD_BYTES };
}

/** The text of a file from its start, block by block, with the encoding that {@link fingerprint} found. */
export async function* openText(
  source: ByteSource,
  print: Fingerprint,
  onBytes: (n: number) => void,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(print.encoding);
  for await (const bytes of openBytes(source, print.gzip, (raw) => onBytes(raw.length))) {
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder.decode();
}

/** The bytes of a file, unpacked where needed; `onRaw` sees them as they lie in the file. Closes the file on leaving early. */
export async function* openBytes(
  source: ByteSource,
  gzip: boolean,
  onRaw: (raw: Bytes) => void,
): AsyncGenerator<Bytes, void, undefined> {
  const failure: { cause?: unknown } = {};
  const raw = watch(source, onRaw, failure);
  const reader = (gzip ? raw.pipeThrough(new DecompressionStream('gzip')) : raw).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value as Bytes;
    }
  } catch (error) {
    // Thrown by the file or the unpacking only: what the consumer throws does not enter a generator.
    if (error instanceof AppError) throw error;
    throw gzip && failure.cause === undefined ? damagedGzip(source.name, error) : unreadable(source.name, failure.cause ?? error);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** The source's stream, with each chunk shown to `onRaw`, and a failure of the source kept apart from one of the unpacking. */
function watch(source: ByteSource, onRaw: (raw: Bytes) => void, failure: { cause?: unknown }): ReadableStream<Bytes> {
  let reader: ReadableStreamDefaultReader<Bytes> | undefined;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      try {
        reader ??= source.stream().getReader();
        const { done, value } = await reader.read();
        if (done) return controller.close();
        onRaw(value);
        controller.enqueue(value);
      } catch (error) {
        failure.cause = error;
        controller.error(error);
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
}

/** By its first two bytes, never by its name. RFC 1952, 2.3.1. */
export async function isGzip(source: ByteSource): Promise<boolean> {
  const first = new HeadBuffer(2);
  for await (const bytes of openBytes(source, false, () => {})) {
    first.add(bytes);
    if (first.full) break;
  }
  const [a, b] = first.bytes();
  return a === 0x1f && b === 0x8b;
}

function refuseBinary(name: string, head: Bytes): void {
  const mark = markOf(head);
  const other = describeBinary(head, mark === 'utf-16le' || mark === 'utf-16be');
  if (other) throw notATable(name, other.found, other.hint);
}

/** The encoding that a byte order mark tells, or null. */
function markOf(head: Bytes): Encoding | null {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

class HeadBuffer {
  readonly #store: Bytes;
  #length = 0;
  total = 0;

  constructor(size: number) {
    this.#store = new Uint8Array(size);
  }

  get full(): boolean {
    return this.#length === this.#store.length;
  }

  add(bytes: Bytes): void {
    const part = bytes.subarray(0, this.#store.length - this.#length);
    this.#store.set(part, this.#length);
    this.#length += part.length;
    this.total += bytes.length;
  }

  bytes(): Bytes {
    return this.#store.subarray(0, this.#length);
  }
}

/** Is the whole stream valid UTF-8? */
class Utf8Check {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #valid = true;

  add(bytes: Bytes): void {
    if (this.#valid) this.#try(() => this.#decoder.decode(bytes, { stream: true }));
  }

  end(): boolean {
    if (this.#valid) this.#try(() => this.#decoder.decode());
    return this.#valid;
  }

  #try(decode: () => string): void {
    try {
      decode();
    } catch {
      this.#valid = false;
    }
  }
}

/** Stops at once at a line that no table has, before anything tries to hold it. Lines end with LF or CR. */
class LineGuard {
  readonly #name: string;
  #line = 1;
  #length = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(bytes: Bytes): void {
    let from = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
      this.#line++;
      this.#length = 0;
      from = at + 1;
    }
    const lastReturn = bytes.lastIndexOf(13);
    this.#length = lastReturn >= from ? bytes.length - lastReturn : this.#length + bytes.length - from;
    if (this.#length > MAX_RECORD) throw lineTooLong(this.#name, this.#line);
  }
}
