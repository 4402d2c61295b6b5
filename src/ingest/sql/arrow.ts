import { type Int32, makeData, makeVector, Table, tableToIPC, Utf8, Vector } from 'apache-arrow';

/** Texts one after the other: the i-th lies from `offsets[i]` to `offsets[i + 1]` and is there where bit i of `valid` is set. */
export interface PackedTexts {
  readonly data: Uint8Array;
  readonly offsets: Int32Array;
  readonly valid: Uint8Array;
  readonly missing: number;
}

/**
 * Columns as an Arrow IPC stream. Arrow's builders (`vectorFromArray`) are passed by: they make functions from text, which
 * the page's Content-Security-Policy forbids. Raw buffers need none, and are faster.
 */
export function encodeColumns(length: number, columns: Readonly<Record<string, PackedTexts | Int32Array>>): Uint8Array {
  const vectors: Record<string, Vector<Utf8> | Vector<Int32>> = {};
  for (const [name, values] of Object.entries(columns)) {
    vectors[name] = values instanceof Int32Array ? makeVector(values) : packedVector(length, values);
  }
  return tableToIPC(new Table(vectors), 'stream');
}

const packedVector = (length: number, { data, offsets, valid, missing }: PackedTexts): Vector<Utf8> =>
  new Vector([makeData({ type: new Utf8(), length, nullCount: missing, nullBitmap: valid, valueOffsets: offsets, data })]);
