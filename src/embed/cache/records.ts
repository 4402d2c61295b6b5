import { createXXHash32 } from 'hash-wasm';
import { KEY_BYTES, keyString, putKey } from './keys.ts';

/**
 * How vectors lie in a file: a header, then records of equal size.
 *
 *     header   8 bytes "MURVEC01" · u32 dims · u32 checksum of the 12 bytes before
 *     record   16 bytes key · u32 flags (1 = the text was cut) · dims x f32 · u32 checksum of all before it in the record
 *
 * Little-endian, as is every machine that runs a browser; checksums are XXH32.
 */
export interface RecordFormat {
  readonly header: Uint8Array;
  readonly recordBytes: number;
  /** The key of a record, or null where it is torn or damaged. */
  keyIn(record: Uint8Array): string | null;
  /** A copy of its vector. */
  copyVector(record: Uint8Array, into: Float32Array): void;
  wasCut(record: Uint8Array): boolean;
  write(record: Uint8Array, key: string, vector: Float32Array, cut: boolean): void;
}

const MAGIC = new TextEncoder().encode('MURVEC01');
export const HEADER_BYTES = 16;
const FLAG_BYTES = 4;
const CHECK_BYTES = 4;
const VECTOR_AT = KEY_BYTES + FLAG_BYTES;

export async function recordFormat(dims: number): Promise<RecordFormat> {
  const hash = await createXXHash32();
  const recordBytes = VECTOR_AT + 4 * dims + CHECK_BYTES;
  /** The bytes of the checksum of all bytes but the last four. */
  const check = (bytes: Uint8Array): Uint8Array => hash.init().update(bytes.subarray(0, -CHECK_BYTES)).digest('binary');
  const seal = (bytes: Uint8Array): void => bytes.set(check(bytes), bytes.length - CHECK_BYTES);

  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  new DataView(header.buffer).setUint32(MAGIC.length, dims, true);
  seal(header);
  return {
    header,
    recordBytes,
    keyIn: (record) => (sameBytes(check(record), record.subarray(-CHECK_BYTES)) ? keyString(record) : null),
    copyVector: (record, into) => bytesOf(into).set(record.subarray(VECTOR_AT, VECTOR_AT + 4 * dims)),
    wasCut: (record) => record[KEY_BYTES] === 1,
    write(record, key, vector, cut) {
      putKey(key, record);
      record[KEY_BYTES] = cut ? 1 : 0;
      record.set(bytesOf(vector), VECTOR_AT);
      seal(record);
    },
  };
}

const bytesOf = (vector: Float32Array): Uint8Array => new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
