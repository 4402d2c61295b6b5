import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import { type Table, tableFromIPC } from 'apache-arrow';
import { type EventTable, type JobContext, NO_ID } from '../domain/index.ts';
import { encodeColumns } from './arrow.ts';

/** One event, before its words have ids. */
export interface EventRow {
  readonly user: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  readonly text: string;
  readonly type: string | null;
  readonly item: string | null;
  readonly label: string | null;
  /** NaN where missing. */
  readonly value: number;
}

/** Where events wait until all are there, to be put in order. Belongs to one read; `dispose` may be called twice. */
export interface EventStore {
  append(rows: readonly EventRow[]): void;
  /** All events in canonical order, whatever the order they came in. */
  table(ctx: JobContext): Promise<EventTable>;
  dispose(): void;
}

/** A connection by its number, as the calls that run in slices want it. */
interface Connection {
  readonly db: DuckDBBindings;
  readonly id: number;
}

const DICTIONARIES = ['user', 'text', 'type', 'item', 'label'] as const;
type Dictionary = (typeof DICTIONARIES)[number];

/** VARCHAR compares as UTF-8 bytes, which is the order of code points; `length` counts code points. */
const CANONICAL: Readonly<Record<Dictionary, string>> = { user: 'v', text: 'length(v), v', type: 'v', item: 'v', label: 'v' };

/** An empty store on a database of its own connection; the tables are temporary, so they end with it. */
export function openEventStore(db: DuckDBBindings): EventStore {
  const connection: Connection = { db, id: connect(db) };
  let open = true;
  const dispose = (): void => {
    if (!open) return;
    open = false;
    for (const name of ['events', ...DICTIONARIES.map(dictionaryTable)]) run(connection, `DROP TABLE IF EXISTS ${name}`);
    db.disconnect(connection.id);
  };
  try {
    run(connection, CREATE_SQL);
  } catch (error) {
    dispose();
    throw error;
  }
  return { append: (rows) => append(connection, rows), table: (ctx) => readTable(connection, ctx), dispose };
}

const CREATE_SQL = `
  CREATE OR REPLACE TABLE events
    ("user" VARCHAR, time DOUBLE, "text" VARCHAR, "type" VARCHAR, "item" VARCHAR, "label" VARCHAR, value DOUBLE)`;

/** The number of a new connection; the package tells it only through this method. */
function connect(db: DuckDBBindings): number {
  const connection = db.connect();
  const borrow = connection.useUnsafe;
  return borrow.call(connection, (_, id) => id) as number;
}

/** A statement that is over at once, its result not wanted. */
const run = ({ db, id }: Connection, sql: string): void => void db.runQuery(id, sql);

function append({ db, id }: Connection, rows: readonly EventRow[]): void {
  if (rows.length === 0) return;
  const stream = encodeColumns({
    user: rows.map((r) => r.user),
    time: Float64Array.from(rows, (r) => r.time),
    text: rows.map((r) => r.text),
    type: rows.map((r) => r.type),
    item: rows.map((r) => r.item),
    label: rows.map((r) => r.label),
    value: Float64Array.from(rows, (r) => r.value),
  });
  db.insertArrowFromIPCStream(id, stream, { name: 'events', create: false });
}

async function readTable(connection: Connection, ctx: JobContext): Promise<EventTable> {
  const words = {} as Record<Dictionary, string[]>;
  for (const name of DICTIONARIES) words[name] = await buildDictionary(connection, name, ctx);
  const events = await query(connection, EVENTS_SQL, ctx);
  return {
    count: events.numRows,
    users: words.user,
    texts: words.text,
    types: words.type,
    items: words.item,
    labels: words.label,
    user: ids(events, 'user'),
    time: numbers(events, 'time'),
    text: ids(events, 'text'),
    type: ids(events, 'type'),
    item: ids(events, 'item'),
    label: ids(events, 'label'),
    value: numbers(events, 'value'),
  };
}

const dictionaryTable = (name: Dictionary): string => `${name}_words`;

/** Gives each distinct word its id, its rank in canonical order. Returns the words by id. */
async function buildDictionary(connection: Connection, name: Dictionary, ctx: JobContext): Promise<string[]> {
  await query(
    connection,
    `CREATE OR REPLACE TABLE ${dictionaryTable(name)} AS
     SELECT v, CAST(row_number() OVER (ORDER BY ${CANONICAL[name]}) - 1 AS UINTEGER) AS id
     FROM (SELECT DISTINCT "${name}" AS v FROM events WHERE "${name}" IS NOT NULL)
     ORDER BY id`,
    ctx,
  );
  const table = await query(connection, `SELECT v FROM ${dictionaryTable(name)} ORDER BY id`, ctx);
  const column = table.getChild('v');
  const words = new Array<string>(table.numRows);
  for (let i = 0; i < words.length; i++) words[i] = column?.get(i) as string;
  return words;
}

/** Ids follow the canonical order, so ordering by them is ordering by the words; NO_ID is above all and puts "none" last. */
const EVENTS_SQL = `
  SELECT user_words.id AS "user", e.time AS time, text_words.id AS "text",
         ${optionalId('type')}, ${optionalId('item')}, ${optionalId('label')}, e.value AS value
  FROM events e
  JOIN user_words ON user_words.v = e."user"
  JOIN text_words ON text_words.v = e."text"
  LEFT JOIN type_words ON type_words.v = e."type"
  LEFT JOIN item_words ON item_words.v = e."item"
  LEFT JOIN label_words ON label_words.v = e."label"
  ORDER BY 1, 2, 3, 4, 7 NULLS LAST, 5, 6`;

function optionalId(name: Dictionary): string {
  return `coalesce(${dictionaryTable(name)}.id, CAST(${NO_ID} AS UINTEGER)) AS "${name}"`;
}

/** Runs a statement in slices, so that a cancel gets in between them. */
async function query({ db, id }: Connection, sql: string, ctx: JobContext): Promise<Table> {
  const parts: Uint8Array[] = [];
  try {
    let head = db.startPendingQuery(id, sql, true);
    while (head === null) {
      await ctx.checkpoint();
      head = db.pollPendingQuery(id);
    }
    parts.push(head);
    // null: not ready yet; empty: the end.
    for (let part = db.fetchQueryResults(id); part?.length !== 0; part = db.fetchQueryResults(id)) {
      if (part) parts.push(part);
      await ctx.checkpoint();
    }
  } catch (error) {
    db.cancelPendingQuery(id);
    throw error;
  }
  return tableFromIPC(parts);
}

/** Own copies: the result's buffers are views on the store's answer, and a view can't be moved to another thread. */
const ids = (table: Table, name: string): Uint32Array => Uint32Array.from((table.getChild(name)?.toArray() ?? []) as Uint32Array);
const numbers = (table: Table, name: string): Float64Array =>
  Float64Array.from((table.getChild(name)?.toArray() ?? []) as Float64Array);
