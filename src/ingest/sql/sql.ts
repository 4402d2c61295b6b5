import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import type { Data, Table, Utf8 } from 'apache-arrow';
import { type Intake, type JobContext, type SqlProblem, sqlError } from '../../domain/index.ts';
import { FLAW, type RowBatch, type TableReader } from '../batch.ts';
import type { OpenDuckDb } from '../duckdb.lazy.ts';
import { roomy } from '../intern.ts';
import { BatchShaper, isNoRow } from '../join/reshape.ts';
import { encodeColumns } from './arrow.ts';
import { blame } from './blame.ts';
import { type Connection, connect } from './connection.ts';
import { DerivedCells } from './derived-cells.ts';
import { ColumnPacker } from './pack.ts';
import { planSql, type SqlPlan, wantsSql } from './plan.ts';
import { BATCH_TABLE, statementOf } from './statement.ts';
import { type Token, tokensOf } from './tokens.ts';

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
        const run = new SqlRun(connection, plan, events.header, intake, name, (sql) => tokensOf(db, sql));
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
  readonly #tokensOf: (sql: string) => Token[];
  readonly #cells: DerivedCells;
  #rows = new Uint32Array(0);

  constructor(
    connection: Connection,
    plan: SqlPlan,
    header: readonly string[],
    intake: SqlIntake,
    name: string,
    tokens: (sql: string) => Token[],
  ) {
    this.#tokensOf = tokens;
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
    this.#connection.run(`DROP TABLE ${BATCH_TABLE}`);
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
    this.#connection.insert(BATCH_TABLE, encodeColumns(count, columns));
  }

  #ask(batch: RowBatch): Table {
    try {
      return this.#connection.run(this.#statement);
    } catch (error) {
      const { row, field, message, offset } = blame(this.#connection, this.#plan, batch.count, error, this.#tokensOf);
      this.#connection.run(`DROP TABLE ${BATCH_TABLE}`);
      throw sqlError(
        { field, message: `${this.#name}, line ${batch.line[row]}: ${message}`, offset },
        'TRY_CAST("column" AS DOUBLE) and try_strptime(...) give NULL where a cell does not fit, instead of ending here.',
        error,
      );
    }
  }
}
