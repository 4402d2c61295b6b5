import {
  type Cleaning,
  type ColumnMapping,
  createRandom,
  DEFAULT_CLEANING,
  DEFAULT_INTAKE,
  hashString,
  type Intake,
  NO_ID,
} from '../../domain/index.ts';
import type { Cleaned, Draft, Words } from '../draft.ts';

/** One row of a draft in words; what is left out is missing (the user is `u`, the time 0, the text `t`, the table 0). */
export interface DraftRow {
  readonly user?: string;
  readonly time?: number;
  readonly text?: string | null;
  readonly type?: string;
  readonly item?: string;
  readonly label?: string;
  readonly value?: number;
  readonly table?: number;
  /** Columns for outlier rules. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Columns for row rules. */
  readonly cells?: Readonly<Record<string, string>>;
}

export function wordsOf(values: readonly (string | null | undefined)[]): Words {
  const index = new Map<string, number>();
  const id = Uint32Array.from(values, (value) => {
    if (value === null || value === undefined) return NO_ID;
    if (!index.has(value)) index.set(value, index.size);
    return index.get(value) as number;
  });
  return { words: [...index.keys()], id };
}

/** For tests: a draft of rows; rows that are written the same are exact duplicates. */
export function draftOf(rows: readonly DraftRow[]): Draft {
  const names = (part: 'numbers' | 'cells'): string[] => [...new Set(rows.flatMap((row) => Object.keys(row[part] ?? {})))];
  const hash = (row: DraftRow, seed: number): number => hashString(JSON.stringify({ ...row, table: 0 }), seed);
  return {
    count: rows.length,
    user: wordsOf(rows.map((row) => row.user ?? 'u')),
    time: Float64Array.from(rows, (row) => row.time ?? 0),
    text: wordsOf(rows.map((row) => (row.text === undefined ? 't' : row.text))),
    type: wordsOf(rows.map((row) => row.type)),
    item: wordsOf(rows.map((row) => row.item)),
    label: wordsOf(rows.map((row) => row.label)),
    value: Float64Array.from(rows, (row) => row.value ?? Number.NaN),
    table: Uint16Array.from(rows, (row) => row.table ?? 0),
    line: Uint32Array.from(rows, (_, i) => i + 2),
    hashA: Uint32Array.from(rows, (row) => hash(row, 1)),
    hashB: Uint32Array.from(rows, (row) => hash(row, 2)),
    numbers: new Map(names('numbers').map((name) => [name, Float64Array.from(rows, (row) => row.numbers?.[name] ?? Number.NaN)])),
    columns: new Map(names('cells').map((name) => [name, wordsOf(rows.map((row) => row.cells?.[name]))])),
  };
}

/** Everything off, duplicates too, but what is given. */
export const intakeOf = (cleaning: Partial<Cleaning>, intake: Partial<Intake> = {}): Intake => ({
  ...DEFAULT_INTAKE,
  ...intake,
  cleaning: { ...DEFAULT_CLEANING, duplicates: false, ...cleaning },
});

export const MAPPING: ColumnMapping = {
  user: 'user',
  time: 'time',
  text: ['text'],
  type: 'type',
  item: 'item',
  value: 'value',
  label: 'label',
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
};

/** Events that are kept, in words, sorted: what must not depend on the order of rows. */
export function keptEvents(draft: Draft, cleaned: Cleaned): string[] {
  const word = ({ words, id }: Words, row: number): string => words[id[row] as number] ?? '-';
  return Array.from({ length: draft.count }, (_, row) => row)
    .filter((row) => cleaned.keep[row] === 1)
    .map((row) =>
      [word(draft.user, row), draft.time[row], word(cleaned.text, row), cleaned.value[row], word(draft.label, row)].join(' | '),
    )
    .sort();
}

/** The reason of each row, null where it is kept. */
export const verdictsOf = (cleaned: Cleaned): (string | null)[] =>
  Array.from(cleaned.keep, (keep, row) => (keep === 1 ? null : (cleaned.reasons[cleaned.why[row] as number] as string)));

/** Seeded rows of everything that rules look at, with dirt of all kinds. */
export function dirtyRows(count: number, seed: number): DraftRow[] {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[random.int(values.length)] as T;
  const rows = Array.from({ length: count }, (): DraftRow => {
    const price = random.int(40) === 0 ? 900 + random.int(100) : random.int(20);
    return {
      user: pick(['a', 'b', 'c', 'd', 'e', `rare${random.int(40)}`]),
      time: random.int(50) * 700,
      text: pick(['Tea', ' tea ', 'TEA', '<b>tea</b>', 'coffee', 'ﬁne  cake', null]),
      item: pick(['1', '2', '3']),
      label: pick(['x', 'y']),
      ...(random.int(5) === 0 ? {} : { value: random.int(30) === 0 ? 5000 : random.int(9) }),
      numbers: { price },
      cells: { invoice: pick(['C1', '17', 'c9', '-4']) },
    };
  });
  return [...rows, ...rows.slice(0, Math.floor(count / 10))];
}
