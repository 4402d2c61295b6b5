import { commonColumns, type FilePreview } from './event.ts';
import type { Intake } from './intake.ts';

/** Name of the column that tells the table of a row, where several are read together. */
export const TABLE_COLUMN = 'file';

type Named = Pick<FilePreview, 'name' | 'header'>;

/** The tables that hold events: all but those left out and the catalogue. */
export const eventTables = <P extends Named>(tables: readonly P[], intake: Intake): P[] =>
  tables.filter(({ name }) => !intake.leftOut.includes(name) && name !== intake.join?.table);

/** A column of the catalogue, and what it is called once joined. */
export interface JoinedColumn {
  readonly column: string;
  readonly name: string;
}

/** All columns of the catalogue but its key; one whose name the events have already carries the catalogue's name behind it. */
export function joinedColumns(events: readonly string[], catalogue: Named, key: string): JoinedColumn[] {
  const taken = new Set(events);
  return catalogue.header.flatMap((column) => {
    if (column === key) return [];
    const name = taken.has(column) ? freeName(`${column} (${catalogue.name})`, taken) : column;
    taken.add(name);
    return [{ column, name }];
  });
}

/** Columns that a row of the events has before SQL: those common to all tables, the catalogue's, and its table's name where there are several. */
export function rowColumns(tables: readonly Named[], intake: Intake): string[] {
  const events = eventTables(tables, intake);
  const own = commonColumns(events);
  const catalogue = tables.find(({ name }) => name === intake.join?.table);
  const joined = catalogue && intake.join ? joinedColumns(own, catalogue, intake.join.key).map(({ name }) => name) : [];
  const all = [...own, ...joined];
  return events.length > 1 ? [...all, freeName(TABLE_COLUMN, new Set(all))] : all;
}

/** Columns that can play a part: those of a row and the derived ones. */
export const availableColumns = (tables: readonly Named[], intake: Intake): string[] => [
  ...rowColumns(tables, intake),
  ...intake.derived.map(({ name }) => name),
];

/**
 * What the columns of rows look like in each table that they come from: in those of events, and in the catalogue under the names that its
 * columns have once joined. A column of the catalogue that is called like one of the events says nothing of that one.
 */
export function columnLooks(tables: readonly FilePreview[], intake: Intake): Pick<FilePreview, 'columns'>[] {
  const events = eventTables(tables, intake);
  const catalogue = tables.find(({ name }) => name === intake.join?.table);
  if (!catalogue || intake.join === null) return events;
  const joined = joinedColumns(commonColumns(events), catalogue, intake.join.key);
  const columns = catalogue.columns.flatMap((look) =>
    joined.filter(({ column }) => column === look.name).map(({ name }) => ({ ...look, name })),
  );
  return [...events, { columns }];
}

/** `name`, or the first of `name (2)`, `name (3)`, ... that is not taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}
