import type { ByteSource, JobContext } from '../domain/index.ts';
import type { FoundTable } from './find.ts';

/** Tells of reading in bytes of the files: half for finding their tables, half for the tables' rows, which are counted unpacked. */
export class ReadingProgress {
  readonly #ctx: JobContext;
  readonly #size: number;
  #done = 0;

  constructor(files: readonly ByteSource[], ctx: JobContext) {
    this.#ctx = ctx;
    this.#size = files.reduce((sum, file) => sum + file.size, 0);
  }

  /** For `findTables`. */
  readonly found = (bytes: number): void => this.#add(bytes / 2);

  /** For reading one table. @param all that are read of its file */
  readOf({ table, bytes }: FoundTable, all: readonly FoundTable[]): (bytes: number) => void {
    const unpacked = all.filter((other) => other.table.file === table.file).reduce((sum, other) => sum + other.bytes, 0);
    const share = unpacked > 0 ? table.file.size / unpacked : 0;
    let left = bytes;
    return (read) => {
      const counted = Math.min(read, left);
      left -= counted;
      this.#add((counted * share) / 2);
    };
  }

  #add(bytes: number): void {
    this.#done = Math.min(this.#done + bytes, this.#size);
    this.#ctx.progress(this.#done, this.#size);
  }
}
