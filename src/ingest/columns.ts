import {
  type ColumnKind,
  type ColumnProfile,
  commonColumns,
  type DateOrder,
  type FilePreview,
  type Join,
  joinedColumns,
  timeWriting,
} from '../domain/index.ts';

/** A column that rows of events can have, looked at over all tables that it comes from. */
export interface SharedColumn extends ColumnProfile {
  /** It comes from the catalogue. */
  readonly joined: boolean;
}

/** Columns of the catalogue under the names that they have once joined. */
export function joinedProfiles(
  tables: readonly FilePreview[],
  events: readonly FilePreview[],
  join: Join | null,
): SharedColumn[] {
  const catalogue = tables.find(({ name }) => name === join?.table);
  if (!catalogue || join === null) return [];
  return joinedColumns(commonColumns(events), catalogue, join.key).flatMap(({ column, name }) =>
    catalogue.columns.filter((c) => c.name === column).map((c) => ({ ...c, name, joined: true })),
  );
}

/** Those that all tables have, in the order of the first. */
export function sharedColumns(previews: readonly FilePreview[]): SharedColumn[] {
  return commonColumns(previews).flatMap((name) => {
    const looks = previews.flatMap((p) => p.columns.find((c) => c.name === name) ?? []);
    return looks[0] ? [merge(looks[0], looks)] : [];
  });
}

function merge(first: ColumnProfile, looks: readonly ColumnProfile[]): SharedColumn {
  const sum = (part: (c: ColumnProfile) => number): number => looks.reduce((total, c) => total + part(c), 0);
  const writing = timeWriting(looks);
  const orders = looks.flatMap((c) => c.dateOrder ?? []);
  return {
    name: first.name,
    joined: false,
    kind: writing ? 'time' : looks.map((c): ColumnKind => (c.kind === 'time' ? 'text' : c.kind)).reduce(mergeKind),
    missing: sum((c) => c.missing),
    sampled: sum((c) => c.sampled),
    // A lower bound: values that both files have are counted once.
    distinct: Math.max(...looks.map((c) => c.distinct)),
    examples: [...new Set(looks.flatMap((c) => c.examples))].slice(0, 3),
    timeFormat: writing?.format ?? null,
    timeAmbiguous: writing?.ambiguous ?? false,
    ...(orders.length > 0 ? { dateOrder: mergeOrders(orders) } : {}),
    ...mergeDecimals(looks.flatMap((c) => c.decimal ?? [])),
    ...mergeForms(looks),
  };
}

const mergeOrders = (orders: readonly DateOrder[]): DateOrder => ({
  dayFirst: orders.reduce((sum, o) => sum + o.dayFirst, 0),
  monthFirst: orders.reduce((sum, o) => sum + o.monthFirst, 0),
  dayFirstExamples: orders.flatMap((o) => o.dayFirstExamples).slice(0, 3),
  monthFirstExamples: orders.flatMap((o) => o.monthFirstExamples).slice(0, 3),
});

type Decimal = NonNullable<ColumnProfile['decimal']>;

/** A table that tells its decimal mark decides for those that don't; tables that tell different ones leave it open. */
function mergeDecimals(decimals: readonly Decimal[]): Pick<ColumnProfile, 'decimal'> {
  const told = decimals.filter(({ ambiguous }) => !ambiguous);
  const mark = (told[0] ?? decimals[0])?.mark;
  if (mark === undefined) return {};
  return { decimal: { mark, ambiguous: told.length === 0 || told.some((d) => d.mark !== mark) } };
}

function mergeForms(looks: readonly ColumnProfile[]): Pick<ColumnProfile, 'asDecimals'> {
  const forms = new Set(looks.filter(({ kind }) => kind !== 'empty').map(({ asDecimals }) => asDecimals));
  if (forms.size === 1) return forms.has(undefined) ? {} : { asDecimals: forms.has('all') ? 'all' : 'some' };
  return forms.size === 0 ? {} : { asDecimals: 'some' };
}

function mergeKind(a: ColumnKind, b: ColumnKind): ColumnKind {
  if (a === 'empty') return b;
  return b === 'empty' || a === b ? a : 'text';
}
