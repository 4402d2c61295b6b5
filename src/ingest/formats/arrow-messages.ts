import { decompressZstd } from 'hyparquet-compressors';
import { chunksOf } from '../unpacking.ts';
import { lz4Frame } from './lz4-frame.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const FILE_MARK = 'ARROW1';
const CONTINUATION = 0xffffffff;
/** A schema of thousands of columns takes some megabytes. Both bounds keep a damaged length from being believed. */
const LARGEST_METADATA = 64 * 1024 * 1024;
const LARGEST_BODY = 1024 * 1024 * 1024;

/**
 * The messages of an Arrow file or stream, one by one, each as its bytes in the streaming format, bodies decompressed. A file is its messages
 * between a mark and a footer, in order, so both are read from the front. Arrow columnar format, "IPC".
 * @throws Error where a message is cut off or can't be
 */
export async function* arrowMessages(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes> {
  const source = new ByteQueue(chunksOf(stream));
  try {
    const isFile = startsWithMark(await source.peek(8));
    if (isFile) await source.take(8);
    for (;;) {
      const prefix = await source.peek(8);
      // A stream may just end; in a file, a marker and a footer must follow.
      if (prefix.length === 0 && !isFile) return;
      const message = await readMessage(source);
      if (message === null) return;
      yield message;
    }
  } finally {
    await source.close();
  }
}

/**
 * Some writers leave the schema out of a file's front, since the footer has it: such a file can't be read in passing.
 * @param head the first bytes, with the whole first message's metadata if they are few
 */
export function schemaComesFirst(head: Bytes): boolean {
  const from = startsWithMark(head) ? 8 : 0;
  const metadata = head.subarray(from + 8);
  if (metadata.length < 16 || view(head).getUint32(from + 4, true) === 0) return from === 0;
  try {
    return new Table(metadata, new Table(metadata, 0).offset()).uint8(1) === SCHEMA;
  } catch {
    return true;
  }
}

const SCHEMA = 1;

const startsWithMark = (bytes: Bytes): boolean => String.fromCharCode(...bytes.subarray(0, FILE_MARK.length)) === FILE_MARK;

/** null at the marker that ends a stream. */
async function readMessage(source: ByteQueue): Promise<Bytes | null> {
  const prefix = view(await source.take(8));
  const length = prefix.getUint32(4, true);
  if (prefix.getUint32(0, true) !== CONTINUATION) throw new Error('a message does not begin as one');
  if (length === 0) return null;
  if (length > LARGEST_METADATA) throw new Error(`a message tells ${length} bytes about itself`);
  const metadata = (await source.take(length)).slice();
  const message = new Table(metadata, new Table(metadata, 0).offset());
  const bodyLength = Number(message.int64(3));
  if (!(bodyLength >= 0 && bodyLength <= LARGEST_BODY)) throw new Error(`a message tells a body of ${bodyLength} bytes`);
  checkMessage(message);
  const body = decompressed(message, await source.take(bodyLength));
  const out = new Uint8Array(8 + length + body.length);
  view(out).setUint32(0, CONTINUATION, true);
  view(out).setUint32(4, length, true);
  out.set(metadata, 8);
  out.set(body, 8 + length);
  return out;
}

const DICTIONARY_BATCH = 2;
const RECORD_BATCH = 3;

/**
 * Refuses what the reader that comes next would believe: counts of which a damaged one keeps it counting for hours.
 * @throws Error
 */
function checkMessage(message: Table): void {
  const kind = message.uint8(1);
  const header = message.table(2);
  message.structs(4, 4);
  if (header && kind === SCHEMA) {
    header.structs(2, 4);
    checkFields(header.tables(1), { left: LARGEST_SCHEMA });
  }
  const batch = header && batchOf(kind, header);
  if (!batch) return;
  const rows = batch.int64(0);
  const nodes = batch.structs(1, 16);
  if (nodes[0] && nodes[0].getBigInt64(0, true) !== rows) throw new Error('a batch and its columns differ in length');
  const compressed = batch.table(3) !== null;
  // Every value takes a bit at least.
  const most = 8n * (compressed ? BigInt(LARGEST_BODY) : message.int64(3));
  for (const node of nodes) {
    const length = node.getBigInt64(0, true);
    const nulls = node.getBigInt64(8, true);
    if (length < 0n || length > most || nulls < 0n || nulls > length)
      throw new Error(`a column tells ${length} values and has not the bytes`);
  }
  for (const place of batch.structs(2, 16)) checkPlace(place, message.int64(3));
}

function checkPlace(place: DataView<ArrayBuffer>, bodyLength: bigint): void {
  const start = place.getBigInt64(0, true);
  const length = place.getBigInt64(8, true);
  if (start < 0n || length < 0n || start + length > bodyLength) throw new Error('a buffer lies outside of its message');
}

const batchOf = (kind: number, header: Table): Table | null =>
  kind === DICTIONARY_BATCH ? header.table(1) : kind === RECORD_BATCH ? header : null;

function checkFields(fields: readonly Table[], budget: { left: number }): void {
  budget.left -= fields.length;
  if (budget.left < 0) throw new Error('its schema has no end');
  for (const field of fields) {
    field.structs(6, 4);
    checkFields(field.tables(5), budget);
  }
}

/** Fields, nested ones counted. */
const LARGEST_SCHEMA = 100_000;

/**
 * The body of a message, whose metadata are changed where its buffers were compressed: the reader that comes next knows no compression.
 * Buffers are structs, so their places stand in the metadata as numbers that can be written over.
 */
function decompressed(message: Table, body: Bytes): Bytes {
  const kind = message.uint8(1);
  const header = message.table(2);
  const batch = header && batchOf(kind, header);
  const compression = batch?.table(3) ?? null;
  if (batch === null || compression === null) return body;
  const decode = compression.uint8(0) === 0 ? lz4Frame : zstd;
  const parts: Bytes[] = [];
  let at = 0;
  for (const place of batch.structs(2, 16)) {
    const start = Number(place.getBigInt64(0, true));
    const length = Number(place.getBigInt64(8, true));
    const part = bufferOf(body.subarray(start, start + length), decode);
    place.setBigInt64(0, BigInt(at), true);
    place.setBigInt64(8, BigInt(part.length), true);
    parts.push(part);
    at = padded(at + part.length);
  }
  batch.forget(3);
  message.setInt64(3, BigInt(at));
  return assemble(parts, at);
}

/** The library's second parameter is a buffer and no length. */
const zstd = (packed: Bytes): Uint8Array => decompressZstd(packed);

/** A compressed buffer begins with its length, or with -1 where it is stored as it is. */
function bufferOf(bytes: Bytes, decode: (packed: Bytes, length: number) => Uint8Array): Bytes {
  if (bytes.length === 0) return bytes;
  const length = Number(view(bytes).getBigInt64(0, true));
  if (length === -1) return bytes.subarray(8);
  if (!(length >= 0 && length <= LARGEST_BODY)) throw new Error(`a buffer tells ${length} bytes`);
  const out = length === 0 ? new Uint8Array(0) : decode(bytes.subarray(8), length);
  if (out.length !== length) throw new Error('a compressed buffer has not the length that it tells');
  return out as Bytes;
}

const padded = (length: number): number => Math.ceil(length / 8) * 8;

function assemble(parts: readonly Bytes[], size: number): Bytes {
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at = padded(at + part.length);
  }
  return out;
}

const view = (bytes: Bytes): DataView<ArrayBuffer> => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A table of a flatbuffer; its fields are found through a vtable. FlatBuffers, "Internals". */
class Table {
  readonly #bytes: Bytes;
  readonly #view: DataView<ArrayBuffer>;
  readonly #at: number;

  constructor(bytes: Bytes, at: number) {
    this.#bytes = bytes;
    this.#view = view(bytes);
    this.#at = at;
  }

  /** The offset that stands here. */
  offset(): number {
    return this.#at + this.#view.getUint32(this.#at, true);
  }

  uint8(field: number): number {
    const at = this.#place(field);
    return at === null ? 0 : this.#view.getUint8(at);
  }

  int64(field: number): bigint {
    const at = this.#place(field);
    return at === null ? 0n : this.#view.getBigInt64(at, true);
  }

  setInt64(field: number, value: bigint): void {
    const at = this.#place(field);
    if (at === null) throw new Error('a message with a body tells no length of it');
    this.#view.setBigInt64(at, value, true);
  }

  table(field: number): Table | null {
    const at = this.#place(field);
    return at === null ? null : new Table(this.#bytes, at + this.#view.getUint32(at, true));
  }

  /** The elements of a vector of structs. @throws Error where it tells more than the message has */
  structs(field: number, size: number): DataView<ArrayBuffer>[] {
    return this.#elements(field, size).map((at) => view(this.#bytes.subarray(at, at + size)));
  }

  /** The elements of a vector of tables. */
  tables(field: number): Table[] {
    return this.#elements(field, 4).map((at) => new Table(this.#bytes, at + this.#view.getUint32(at, true)));
  }

  #elements(field: number, size: number): number[] {
    const at = this.#place(field);
    if (at === null) return [];
    const start = at + this.#view.getUint32(at, true);
    const count = this.#view.getUint32(start, true);
    if (start + 4 + count * size > this.#bytes.length) throw new Error('a message tells of more than it has');
    return Array.from({ length: count }, (_, i) => start + 4 + i * size);
  }

  /** From now on the field is absent. */
  forget(field: number): void {
    this.#view.setUint16(this.#vtable() + 4 + 2 * field, 0, true);
  }

  #vtable(): number {
    return this.#at - this.#view.getInt32(this.#at, true);
  }

  #place(field: number): number | null {
    const vtable = this.#vtable();
    if (4 + 2 * field >= this.#view.getUint16(vtable, true)) return null;
    const offset = this.#view.getUint16(vtable + 4 + 2 * field, true);
    return offset === 0 ? null : this.#at + offset;
  }
}

/** Chunks as bytes that are taken in pieces of any size. */
class ByteQueue {
  readonly #chunks: AsyncGenerator<Bytes, void, undefined>;
  #held: Bytes = new Uint8Array(0);

  constructor(chunks: AsyncGenerator<Bytes, void, undefined>) {
    this.#chunks = chunks;
  }

  /** The next bytes, fewer where there are no more. */
  async peek(size: number): Promise<Bytes> {
    await this.#fill(size);
    return this.#held.subarray(0, size);
  }

  /** The next bytes; valid for good. */
  async take(size: number): Promise<Bytes> {
    await this.#fill(size);
    if (this.#held.length < size) throw new Error('it is cut off');
    const taken = this.#held.subarray(0, size);
    this.#held = this.#held.subarray(size);
    return taken;
  }

  async close(): Promise<void> {
    await this.#chunks.return();
  }

  async #fill(size: number): Promise<void> {
    if (this.#held.length >= size) return;
    const parts = [this.#held];
    let length = this.#held.length;
    while (length < size) {
      const next = await this.#chunks.next();
      if (next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    const all = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    this.#held = all;
  }
}
