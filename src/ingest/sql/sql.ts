import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import type { Data, Table, Utf8 } from 'apache-arrow';
import { type Intake, type JobContext, type SqlProblem, sqlError } from '../../domain/index.ts';
import { FLAW, type RowBatch, type TableReader } from '../batch.ts';
import type { OpenDuckDb } from '../duckdb.lazy.ts';
import { roomy } from '../intern.ts';
import { type AddedCells, BatchShaper, isNoRow } from '../join/reshape.ts';
import { encodeColumns } from './arrow.ts';
import { type Connection, connect } from './connection.ts';
import { plainMessage } from './explain.ts';
import { ColumnPacker } from './pack.ts';
import { planSql, type SqlPlan, wantsSql } from './plan.ts';
import { quoteName } from './tokens.ts';

export { wantsSql };

type SqlIntake = Pick<Intake, 'derived' | 'filter' | 'missing' | 'decimal'>;

/** What is wrong with the SQL of an intake on rows with these columns, or null; reads no file. */
export function checkSql(
  columns: readonly string[],
  intake: Pick<Intake, 'derived' | 'filter'>,
  db: DuckDBBindings,
): SqlProblem | null {
  const found = planSql(columns, intake, db);
  return 'field' in found ? found : null;
}

/** {@link checkSql} on a database that is opened when the first SQL is there. */
export function sqlChecker(openDuckDb: OpenDuckDb) {
  return async (columns: readonly string[], intake: Pick<Intake, 'derived' | 'filter'>): Promise<SqlProblem | null> =>
    wantsSql(intake) ? checkSql(columns, intake, await openDuckDb()) : null;
}

/**
 * The events with the derived columns behind their own; rows for which the filter does not hold (false or NULL) are marked with
 * FLAW.filteredOut. Expressions see the columns as trimmed text, NULL where a cell is missing, and one row at a time: no other row,
 * no clock and no chance, so that the order of rows can't matter (P2). Rows whose form is broken and blank lines pass by as they are.
 * DuckDB holds one batch at a time.
 * @param name of the table, for errors
 * @throws AppError input 'sql' with the problem: at once where an expression is wrong, on reading where it fails on a row
 */
export function withSql(name: string, events: TableReader, intake: SqlIntake, db: DuckDBBindings, ctx: JobContext): TableReader {
  const plan = planSql(events.header, intake, db);
  if ('field' in plan) throw sqlError(plan, 'Mend the expression, or take it out.');
  return {
    header: [...events.header, ...plan.derived.map((d) => d.name)],
    async *batches() {
      const connection = connect(db);
      try {
        const run = new SqlRun(connection, plan, events.header, intake, name);
        for await (const batch of events.batches()) {
          yield run.apply(batch);
          await ctx.checkpoint();
        }
      } finally {
        connection.close();
      }
    },
  };
}

/** Where the rows of one batch stand while they are asked about. */
const TABLE = 'batch_rows';

class SqlRun {
  readonly #connection: Connection;
  readonly #plan: SqlPlan;
  readonly #statement: string;
  readonly #packer: ColumnPacker;
  readonly #shaper: BatchShaper;
  readonly #width: number;
  /** Of the plan's columns in the header. */
  readonly #positions: readonly number[];
  readonly #name: string;
  readonly #cells: DerivedCells;
  #rows = new Uint32Array(0);

  constructor(connection: Connection, plan: SqlPlan, header: readonly string[], intake: SqlIntake, name: string) {
    this.#connection = connection;
    this.#plan = plan;
    this.#statement = statementOf(plan, intake.decimal);
    this.#packer = new ColumnPacker(intake.missing);
    this.#shaper = new BatchShaper([...header.keys()], header.length);
    this.#width = header.length;
    this.#name = name;
    this.#cells = new DerivedCells(plan.derived.length);
    this.#positions = plan.columns.map((column) => header.indexOf(column));
  }

  apply(batch: RowBatch): RowBatch {
    const count = this.#choose(batch);
    this.#cells.begin(batch.count);
    if (count === 0) return this.#shaper.shape(batch, this.#cells.added());
    const flaw = batch.flaw.slice(0, batch.count);
    this.#insert(batch, count);
    const answer = this.#ask(batch);
    this.#connection.run(`DROP TABLE ${TABLE}`);
    if (answer.numRows !== count) throw new Error(`SQL made ${answer.numRows} rows of ${count}.`);
    const rows = this.#rows.subarray(0, count);
    for (const c of this.#plan.derived.keys()) {
      this.#cells.put(c, rows, (answer.getChildAt(c)?.data ?? []) as readonly Data<Utf8>[]);
    }
    const keep = answer.getChild('keep')?.toArray() as Int8Array;
    for (let i = 0; i < count; i++) if (keep[i] !== 1) flaw[rows[i] as number] = FLAW.filteredOut;
    return this.#shaper.shape(batch, this.#cells.added(), flaw);
  }

  /** Numbers of the batch's rows that take part, into `#rows`. */
  #choose(batch: RowBatch): number {
    this.#rows = roomy(this.#rows, batch.count);
    let count = 0;
    for (let r = 0; r < batch.count; r++) if (!isNoRow(batch, r, this.#width)) this.#rows[count++] = r;
    return count;
  }

  #insert(batch: RowBatch, count: number): void {
    const rows = this.#rows.subarray(0, count);
    const columns: Record<string, ReturnType<ColumnPacker['pack']> | Int32Array> = {
      [this.#plan.rowColumn]: Int32Array.from(rows),
    };
    this.#plan.columns.forEach((column, i) => {
      columns[column] = this.#packer.pack(batch, rows, this.#positions[i] as number);
    });
    this.#connection.insert(TABLE, encodeColumns(count, columns));
  }

  #ask(batch: RowBatch): Table {
    try {
      return this.#connection.run(this.#statement);
    } catch (error) {
      const problem = this.#blame(batch, error);
      this.#connection.run(`DROP TABLE ${TABLE}`);
      throw sqlError(
        problem,
        'TRY_CAST("column" AS DOUBLE) and try_strptime(...) give NULL where a cell does not fit, instead of ending here.',
        error,
      );
    }
  }

  /** The first row of the batch that can't be computed, and the expression that fails there. */
  #blame(batch: RowBatch, error: unknown): SqlProblem {
    const { derived, filter, rowColumn } = this.#plan;
    const fails = (plan: SqlPlan, rows: number): unknown => {
      try {
        this.#connection.run(statementOf(plan, '.', `WHERE ${quoteName(rowColumn)} < ${rows}`));
        return null;
      } catch (cause) {
        return cause;
      }
    };
    let [holds, breaks] = [0, batch.count];
    while (breaks - holds > 1) {
      const middle = (holds + breaks) >> 1;
      if (fails(this.#plan, middle) === null) holds = middle;
      else breaks = middle;
    }
    const first = derived.findIndex(
      (_, i) => fails({ ...this.#plan, derived: derived.slice(0, i + 1), filter: '' }, breaks) !== null,
    );
    const cause = fails(this.#plan, breaks) ?? error;
    const message = `${this.#name}, line ${batch.line[breaks - 1]}: ${plainMessage(cause)}.`;
    return { field: first < 0 && filter !== '' ? 'filter' : (derived[first]?.name ?? 'filter'), message, offset: null };
  }
}

/** Numbers are written with the mark with which all numbers of the table are read. */
function statementOf({ derived, filter, rowColumn }: SqlPlan, decimal: Intake['decimal'], where = ''): string {
  const source = derived.reduce(
    (from, { name, sql }) => `(SELECT *, (\n${sql}\n) AS ${quoteName(name)} FROM ${from})`,
    `(SELECT * FROM ${TABLE} ${where})`,
  );
  const cells = derived.map(({ name, type }, i) => {
    const text = `CAST(${quoteName(name)} AS VARCHAR)`;
    const number = /^(?:DOUBLE|FLOAT|DECIMAL)/.test(type);
    return `${number && decimal === ',' ? `replace(${text}, '.', ',')` : text} AS cell${i}`;
  });
  const keep = `CAST(${filter.trim() === '' ? 'true' : `coalesce((\n${filter}\n), false)`} AS TINYINT) AS keep`;
  return `SELECT ${[...cells, keep].join(', ')} FROM ${source} ORDER BY ${quoteName(rowColumn)}`;
}

/** The derived cells of one batch. */
class DerivedCells {
  readonly #columns: number;
  #bytes = new Uint8Array(64 * 1024);
  #used = 0;
  #start = new Uint32Array(0);
  #end = new Uint32Array(0);

  constructor(columns: number) {
    this.#columns = columns;
  }

  begin(rows: number): void {
    const cells = rows * this.#columns;
    this.#used = 0;
    this.#start = roomy(this.#start, cells).fill(0, 0, cells);
    this.#end = roomy(this.#end, cells).fill(0, 0, cells);
  }

  /** Column `c` of the answer, in chunks; its i-th cell is that of row `rows[i]`. NULL is an empty cell. */
  put(c: number, rows: Uint32Array, chunks: readonly Data<Utf8>[]): void {
    let i = 0;
    for (const { length, valueOffsets, values } of chunks) {
      const first = valueOffsets[0] as number;
      const last = valueOffsets[length] as number;
      this.#bytes = roomy(this.#bytes, this.#used + last - first);
      this.#bytes.set(values.subarray(first, last), this.#used);
      const shift = this.#used - first;
      for (let k = 0; k < length; k++, i++) {
        const cell = (rows[i] as number) * this.#columns + c;
        this.#start[cell] = shift + (valueOffsets[k] as number);
        this.#end[cell] = shift + (valueOffsets[k + 1] as number);
      }
      this.#used += last - first;
    }
  }

  added(): AddedCells {
    return { columns: this.#columns, bytes: this.#bytes.subarray(0, this.#used), start: this.#start, end: this.#end };
  }
}
