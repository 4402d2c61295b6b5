import type { Draft } from './draft.ts';
import { grown } from './intern.ts';

/** The columns of a draft while it grows: arrays with room behind their end, so a row is written by its number. */
export class TypedRows {
  user = new Uint32Array(0);
  time = new Float64Array(0);
  text = new Uint32Array(0);
  type = new Uint32Array(0);
  item = new Uint32Array(0);
  label = new Uint32Array(0);
  value = new Float64Array(0);
  table = new Uint16Array(0);
  line = new Uint32Array(0);
  hashA = new Uint32Array(0);
  hashB = new Uint32Array(0);
  /** One a column of numbers that is mapped or that outlier rules name. */
  readonly numbers: Float64Array[];
  /** One a column that row rules name. */
  readonly columns: Uint32Array[];

  constructor(numbers: number, columns: number) {
    this.numbers = Array.from({ length: numbers }, () => new Float64Array(0));
    this.columns = Array.from({ length: columns }, () => new Uint32Array(0));
  }

  /** Bytes of one row. */
  get rowBytes(): number {
    return 4 * 8 + 8 * 2 + 2 + 8 * this.numbers.length + 4 * this.columns.length;
  }

  /** Makes room for so many rows, one column after the other, so that only one is held twice. */
  reserve(rows: number): void {
    if (rows <= this.user.length) return;
    const length = Math.max(rows, Math.ceil(this.user.length * 1.5), 1 << 14);
    this.user = grown(this.user, length);
    this.time = grown(this.time, length);
    this.text = grown(this.text, length);
    this.type = grown(this.type, length);
    this.item = grown(this.item, length);
    this.label = grown(this.label, length);
    this.value = grown(this.value, length);
    this.table = grown(this.table, length);
    this.line = grown(this.line, length);
    this.hashA = grown(this.hashA, length);
    this.hashB = grown(this.hashB, length);
    this.numbers.forEach((column, i) => {
      this.numbers[i] = grown(column, length);
    });
    this.columns.forEach((column, i) => {
      this.columns[i] = grown(column, length);
    });
  }

  /** The first `count` rows, seen through, not copied. */
  head(count: number): Pick<Draft, 'time' | 'value' | 'table' | 'line' | 'hashA' | 'hashB'> {
    return {
      time: this.time.subarray(0, count),
      value: this.value.subarray(0, count),
      table: this.table.subarray(0, count),
      line: this.line.subarray(0, count),
      hashA: this.hashA.subarray(0, count),
      hashB: this.hashB.subarray(0, count),
    };
  }
}
