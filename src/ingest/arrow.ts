import { type Float64, type Int32, makeData, makeVector, Table, tableToIPC, Utf8, Vector } from 'apache-arrow';

/**
 * Columns as an Arrow IPC stream. Arrow's builders (`vectorFromArray`) are passed by: they make functions from text, which
 * the page's Content-Security-Policy forbids. Raw buffers need none, and are faster.
 */
export function encodeColumns(columns: Readonly<Record<string, readonly (string | null)[] | Float64Array>>): Uint8Array {
  const vectors: Record<string, Vector<Utf8> | Vector<Float64>> = {};
  for (const [name, values] of Object.entries(columns)) {
    vectors[name] = values instanceof Float64Array ? makeVector(values) : stringVector(values);
  }
  return tableToIPC(new Table(vectors), 'stream');
}

function stringVector(values: readonly (string | null)[]): Vector<Utf8> {
  const valueOffsets = new Int32Array(values.length + 1);
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  let nullCount = 0;
  // UTF-8 takes at most three bytes a UTF-16 unit.
  const data = new Uint8Array(3 * values.reduce((sum, v) => sum + (v?.length ?? 0), 0));
  const encoder = new TextEncoder();
  let end = 0;
  values.forEach((value, i) => {
    if (value === null) nullCount++;
    else {
      nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
      end += encoder.encodeInto(value, data.subarray(end)).written;
    }
    valueOffsets[i + 1] = end;
  });
  const length = values.length;
  return new Vector([makeData({ type: new Utf8(), length, nullCount, nullBitmap, valueOffsets, data: data.subarray(0, end) })]);
}

/** Texts one after the other: the i-th lies from `offsets[i]` to `offsets[i + 1]` and is there where bit i of `valid` is set. */
export interface PackedTexts {
  readonly data: Uint8Array;
  readonly offsets: Int32Array;
  readonly valid: Uint8Array;
  readonly missing: number;
}

/** As {@link encodeColumns}, of texts that are UTF-8 already. */
export function encodePacked(length: number, columns: Readonly<Record<string, PackedTexts | Int32Array>>): Uint8Array {
  const vectors: Record<string, Vector<Utf8> | Vector<Int32>> = {};
  for (const [name, values] of Object.entries(columns)) {
    vectors[name] = values instanceof Int32Array ? makeVector(values) : packedVector(length, values);
  }
  return tableToIPC(new Table(vectors), 'stream');
}

const packedVector = (length: number, { data, offsets, valid, missing }: PackedTexts): Vector<Utf8> =>
  new Vector([makeData({ type: new Utf8(), length, nullCount: missing, nullBitmap: valid, valueOffsets: offsets, data })]);
