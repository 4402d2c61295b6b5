import { type ColumnKind, type ColumnProfile, commonColumns, type FilePreview, type TimeFormat } from '../domain/index.ts';

/** A column that all files have, looked at over all of them. */
export type SharedColumn = ColumnProfile;

/** In the order of the first file. */
export function sharedColumns(previews: readonly FilePreview[]): SharedColumn[] {
  return commonColumns(previews).flatMap((name) => {
    const looks = previews.flatMap((p) => p.columns.find((c) => c.name === name) ?? []);
    return looks.length > 0 ? [looks.reduce(merge)] : [];
  });
}

function merge(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  const timeFormat = mergeFormat(a, b);
  return {
    name: a.name,
    kind: mergeKind(a.kind, b.kind, timeFormat),
    missing: a.missing + b.missing,
    sampled: a.sampled + b.sampled,
    // A lower bound: values that both files have are counted once.
    distinct: Math.max(a.distinct, b.distinct),
    examples: [...new Set([...a.examples, ...b.examples])].slice(0, 3),
    timeFormat,
    timeAmbiguous: a.timeAmbiguous && b.timeAmbiguous,
  };
}

/** A file whose dates fit both ways takes the way of one whose dates don't. */
function mergeFormat(a: ColumnProfile, b: ColumnProfile): TimeFormat | null {
  if (a.kind === 'empty') return b.timeFormat;
  if (b.kind === 'empty' || a.timeFormat === b.timeFormat) return a.timeFormat;
  const yearLast = (c: ColumnProfile): boolean => c.timeFormat === 'mdy' || c.timeFormat === 'dmy';
  if (!yearLast(a) || !yearLast(b)) return null;
  if (a.timeAmbiguous) return b.timeFormat;
  return b.timeAmbiguous ? a.timeFormat : null;
}

function mergeKind(a: ColumnKind, b: ColumnKind, timeFormat: TimeFormat | null): ColumnKind {
  if (timeFormat !== null) return 'time';
  if (a === 'empty') return b;
  if (b === 'empty' || a === b) return a;
  return 'text';
}
