/** What a column of a typed format holds, and how its values become cells: as JSON's do (json-object.ts). */
export type Shape =
  /** `bare`: needs no quotation marks in JSON. `text` is not asked of null and undefined. */
  | { readonly kind: 'leaf'; readonly bare: boolean; text(value: unknown): string }
  /** Values are arrays, or iterable. */
  | { readonly kind: 'list'; readonly of: Shape }
  /** Values are objects with these keys. */
  | { readonly kind: 'struct'; readonly fields: readonly (readonly [string, Shape])[] }
  | { readonly kind: 'map'; readonly of: Shape; entries(value: unknown): Iterable<readonly [string, unknown]> };

/** One column of the table. */
export interface ShapeColumn {
  /** Dotted, as for nested objects in JSON. */
  readonly name: string;
  /** Keys to follow from the value of the stored column. */
  readonly path: readonly string[];
  readonly shape: Exclude<Shape, { readonly kind: 'struct' }>;
}

/** A stored column as columns of the table: a struct gives one for each of its fields. */
export function columnsOf(name: string, shape: Shape, path: readonly string[] = []): ShapeColumn[] {
  if (shape.kind !== 'struct') return [{ name, path, shape }];
  return shape.fields.flatMap(([field, inner]) => columnsOf(`${name}.${field}`, inner, [...path, field]));
}

/** The cell of a column, from the value of the stored column. */
export function cellText({ path, shape }: ShapeColumn, stored: unknown): string | null {
  let value = stored;
  for (const key of path) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  if (value === null || value === undefined) return null;
  if (shape.kind === 'leaf') return shape.text(value);
  return shape.kind === 'list' ? listText(shape.of, value) : jsonText(shape, value);
}

function listText(of: Shape, value: unknown): string {
  const elements = [...(value as Iterable<unknown>)];
  if (of.kind !== 'leaf') return jsonText({ kind: 'list', of }, elements);
  const texts = elements.map((element) => (element === null || element === undefined ? '' : of.text(element)));
  return texts.some((text) => text.includes('|')) ? jsonText({ kind: 'list', of }, elements) : texts.join('|');
}

function jsonText(shape: Shape, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (shape.kind === 'leaf') return shape.bare ? shape.text(value) : JSON.stringify(shape.text(value));
  if (shape.kind === 'list') return `[${Array.from(value as Iterable<unknown>, (v) => jsonText(shape.of, v)).join(',')}]`;
  const pairs =
    shape.kind === 'map' ? mapPairs(shape, value) : structPairs(shape.fields, value as Readonly<Record<string, unknown>>);
  return `{${pairs.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

const mapPairs = (shape: Extract<Shape, { readonly kind: 'map' }>, value: unknown): [string, string][] =>
  Array.from(shape.entries(value), ([key, v]) => [key, jsonText(shape.of, v)]);

const structPairs = (
  fields: readonly (readonly [string, Shape])[],
  value: Readonly<Record<string, unknown>>,
): [string, string][] => fields.map(([key, inner]) => [key, jsonText(inner, value[key])]);
