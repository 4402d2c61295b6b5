import { type JobContext, type Matrix, takeRows } from '../domain/index.ts';
import { forBlocks } from './blocks.ts';

/** The distinct rows of a matrix in order of first appearance. */
export interface DistinctRows {
  readonly rows: Matrix;
  /** The first row of the matrix that each of `rows` stands for. */
  readonly firsts: Uint32Array;
  /** Row i of the matrix is row `of[i]` of `rows`. */
  readonly of: Uint32Array;
}

const END = 0xffffffff;

/** Groups equal rows (all values equal) by a hash of their bits; rows of one hash are compared. No copy if all are distinct. */
export async function distinctRows(x: Matrix, ctx: JobContext): Promise<DistinctRows> {
  const bits = new Int32Array(x.data.buffer, x.data.byteOffset, x.data.length);
  const slots = 1 << Math.ceil(Math.log2(2 * x.rows + 1));
  const heads = new Uint32Array(slots).fill(END);
  const next = new Uint32Array(x.rows);
  const firsts: number[] = [];
  const of = new Uint32Array(x.rows);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let row = start; row < end; row++) {
      const slot = hashRow(bits, row * x.cols, (row + 1) * x.cols) & (slots - 1);
      let group = heads[slot] as number;
      while (group !== END && !equalRows(x, firsts[group] as number, row)) group = next[group] as number;
      if (group === END) {
        group = firsts.push(row) - 1;
        next[group] = heads[slot] as number;
        heads[slot] = group;
      }
      of[row] = group;
    }
  });
  return { rows: firsts.length === x.rows ? x : takeRows(x, firsts), firsts: Uint32Array.from(firsts), of };
}

/** FNV-1a over words in place of bytes. -0 counts as 0, since the two are equal. */
function hashRow(bits: Int32Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) {
    const word = bits[i] as number;
    hash = Math.imul(hash ^ (word === -0x80000000 ? 0 : word), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}

function equalRows(x: Matrix, a: number, b: number): boolean {
  for (let i = 0; i < x.cols; i++) if (x.data[a * x.cols + i] !== x.data[b * x.cols + i]) return false;
  return true;
}
