import {
  type ColumnKind,
  type ColumnProfile,
  commonColumns,
  type DateOrder,
  type FilePreview,
  timeWriting,
} from '../domain/index.ts';

/** A column that all files have, looked at over all of them. */
export type SharedColumn = ColumnProfile;

/** In the order of the first file. */
export function sharedColumns(previews: readonly FilePreview[]): SharedColumn[] {
  return commonColumns(previews).flatMap((name) => {
    const looks = previews.flatMap((p) => p.columns.find((c) => c.name === name) ?? []);
    return looks[0] ? [merge(looks[0], looks)] : [];
  });
}

function merge(first: ColumnProfile, looks: readonly ColumnProfile[]): ColumnProfile {
  const sum = (part: (c: ColumnProfile) => number): number => looks.reduce((total, c) => total + part(c), 0);
  const writing = timeWriting(looks);
  const orders = looks.flatMap((c) => c.dateOrder ?? []);
  return {
    name: first.name,
    kind: writing ? 'time' : looks.map((c): ColumnKind => (c.kind === 'time' ? 'text' : c.kind)).reduce(mergeKind),
    missing: sum((c) => c.missing),
    sampled: sum((c) => c.sampled),
    // A lower bound: values that both files have are counted once.
    distinct: Math.max(...looks.map((c) => c.distinct)),
    examples: [...new Set(looks.flatMap((c) => c.examples))].slice(0, 3),
    timeFormat: writing?.format ?? null,
    timeAmbiguous: writing?.ambiguous ?? false,
    ...(orders.length > 0 ? { dateOrder: mergeOrders(orders) } : {}),
  };
}

const mergeOrders = (orders: readonly DateOrder[]): DateOrder => ({
  dayFirst: orders.reduce((sum, o) => sum + o.dayFirst, 0),
  monthFirst: orders.reduce((sum, o) => sum + o.monthFirst, 0),
  dayFirstExamples: orders.flatMap((o) => o.dayFirstExamples).slice(0, 3),
  monthFirstExamples: orders.flatMap((o) => o.monthFirstExamples).slice(0, 3),
});

function mergeKind(a: ColumnKind, b: ColumnKind): ColumnKind {
  if (a === 'empty') return b;
  return b === 'empty' || a === b ? a : 'text';
}
