import type { SchemaElement, SchemaTree } from 'hyparquet';
import type { Shape } from './shape.ts';
import { bigEndian, bytesText, clockText, dateText, decimalText, floatText, type TimeUnit, timestampText } from './typed-text.ts';

/**
 * The schema with nothing but physical types, save for texts, UUIDs and half floats: what the library makes of the others loses digits (decimals become
 * doubles, timestamps milliseconds) or the mark of the zone.
 */
export const withRawValues = (schema: readonly SchemaElement[]): SchemaElement[] =>
  schema.map((element) => {
    if (element.num_children || isLeftToLibrary(element)) return element;
    const { converted_type: _converted, logical_type: _logical, ...raw } = element;
    return raw;
  });

const isLeftToLibrary = ({ converted_type, logical_type }: SchemaElement): boolean =>
  converted_type === 'UTF8' || ['STRING', 'UUID', 'FLOAT16'].includes(logical_type?.type ?? '');

/** What values of a column hold that were read with {@link withRawValues}. Parquet format, "LogicalTypes.md". */
export function parquetShape(node: SchemaTree): Shape {
  const shape = node.children.length === 0 ? leaf(node.element) : group(node);
  // A repeated field that no LIST annotates is a list all the same.
  return node.element.repetition_type === 'REPEATED' ? { kind: 'list', of: shape } : shape;
}

function group(node: SchemaTree): Shape {
  const inner = node.children.length === 1 ? node.children[0] : undefined;
  const repeated = inner?.element.repetition_type === 'REPEATED' ? inner : undefined;
  if (repeated && node.element.converted_type === 'LIST' && repeated.children.length <= 1) {
    return { kind: 'list', of: repeated.children[0] ? parquetShape(repeated.children[0]) : leaf(repeated.element) };
  }
  const value = repeated?.children[1];
  if (value && node.element.converted_type === 'MAP' && repeated.children.length === 2) {
    return { kind: 'map', of: parquetShape(value), entries: (map) => Object.entries(map as object) };
  }
  return { kind: 'struct', fields: node.children.map((child) => [child.element.name, parquetShape(child)] as const) };
}

function leaf(element: SchemaElement): Shape {
  const { text, bare } = formatOf(element);
  return { kind: 'leaf', bare: bare ?? false, text };
}

interface Format {
  text(value: unknown): string;
  readonly bare?: boolean;
}

const UNITS = { MILLIS: 'milliseconds', MICROS: 'microseconds', NANOS: 'nanoseconds' } as const;

function formatOf(element: SchemaElement): Format {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return decimal(element);
  if (converted === 'DATE' || logical?.type === 'DATE') return { text: (v) => dateText(Number(v)) };
  if (logical?.type === 'TIMESTAMP') return timestamp(UNITS[logical.unit], logical.isAdjustedToUTC);
  if (logical?.type === 'TIME') return clock(UNITS[logical.unit]);
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return timestamp(unitOf(converted), true);
  if (converted === 'TIME_MILLIS' || converted === 'TIME_MICROS') return clock(unitOf(converted));
  // Old writers mean instants by it. The nanoseconds were counted by the library.
  if (type === 'INT96') return timestamp('nanoseconds', true);
  return plain(element);
}

const unitOf = (converted: string): TimeUnit => (converted.endsWith('MILLIS') ? 'milliseconds' : 'microseconds');
const timestamp = (unit: TimeUnit, zoned: boolean): Format => ({ text: (v) => timestampText(v as bigint, unit, zoned) });
const clock = (unit: TimeUnit): Format => ({ text: (v) => clockText(v as bigint, unit) });

function decimal({ scale, logical_type }: SchemaElement): Format {
  const digits = scale ?? (logical_type?.type === 'DECIMAL' ? logical_type.scale : 0);
  const unscaled = (v: unknown): bigint => (v instanceof Uint8Array ? bigEndian(v) : BigInt(v as number | bigint));
  return { text: (v) => decimalText(unscaled(v), digits), bare: true };
}

function plain({ type, converted_type: converted, logical_type: logical }: SchemaElement): Format {
  const unsigned = converted?.startsWith('UINT') || (logical?.type === 'INTEGER' && !logical.isSigned);
  if (type === 'INT64' && unsigned) return { text: (v) => BigInt.asUintN(64, v as bigint).toString(), bare: true };
  if (type === 'INT32' && unsigned) return { text: (v) => String((v as number) >>> 0), bare: true };
  if (type === 'FLOAT') return { text: (v) => floatText(v as number), bare: true };
  return {
    text: (v) => (v instanceof Uint8Array ? bytesText(v) : String(v)),
    bare: type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY',
  };
}
