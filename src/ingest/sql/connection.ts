import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import { type Table, tableFromIPC } from 'apache-arrow';

/** A connection by its number, as DuckDB's lower calls want it. Whoever opens it closes it. */
export interface Connection {
  run(sql: string): Table;
  /** Parses and binds a statement and leaves it at that. */
  prepare(sql: string): void;
  /** A new table of the rows in an Arrow IPC stream. */
  insert(table: string, stream: Uint8Array): void;
  close(): void;
}

export function connect(db: DuckDBBindings): Connection {
  const connection = db.connect();
  // The package tells the number only through this method.
  const borrow = connection.useUnsafe;
  const id = borrow.call(connection, (_, number) => number) as number;
  // Errors as JSON tell where they are. It holds for one connection only.
  db.runQuery(id, 'SET errors_as_json = true');
  let open = true;
  return {
    run: (sql) => tableFromIPC(db.runQuery(id, sql)),
    prepare: (sql) => db.closePrepared(id, db.createPrepared(id, sql)),
    insert: (name, stream) => db.insertArrowFromIPCStream(id, stream, { name, create: true }),
    close() {
      if (open) db.disconnect(id);
      open = false;
    },
  };
}
