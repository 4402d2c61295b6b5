import type { JobContext, Matrix } from '../../domain/index.ts';
import { centredRows, type Join, type Lists, MOST_CANDIDATES } from './join.ts';

/** {@link Join} in plain typed arrays: the oracle, and the way where there is no WASM SIMD. Distances by differences. */
export async function openJoinCpu(x: Matrix, order: Uint32Array, k: number, ctx: JobContext): Promise<Join> {
  const lists: Lists = {
    k,
    ids: new Uint32Array(x.rows * k).fill(0xffffffff),
    squared: new Float32Array(x.rows * k).fill(Number.POSITIVE_INFINITY),
    fresh: new Uint8Array(x.rows * k),
  };
  const rows = new Float32Array(x.rows * x.cols);
  await centredRows(x, order, x.cols, rows, ctx);
  const candidates = new Uint32Array(MOST_CANDIDATES);
  const compare = (a: number, b: number): number => {
    const squared = Math.fround(squaredDistance(rows, x.cols, a, b));
    return offer(lists, a, b, squared) + offer(lists, b, a, squared);
  };
  return {
    lists,
    candidates,
    joinBlock(from, to, end) {
      for (let a = from; a < to; a++) for (let b = a + 1; b < end; b++) compare(a, b);
    },
    joinCandidates(fresh, count) {
      let kept = 0;
      for (let i = 0; i < fresh; i++) {
        for (let j = i + 1; j < count; j++) kept += compare(candidates[i] as number, candidates[j] as number);
      }
      return kept;
    },
    close() {},
  };
}

/** Four sums side by side, joined in one order: equal rows are at exactly 0. */
function squaredDistance(rows: Float32Array, cols: number, a: number, b: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const [p, q] = [a * cols, b * cols];
  let i = 0;
  for (; i + 3 < cols; i += 4) {
    const d0 = (rows[p + i] as number) - (rows[q + i] as number);
    const d1 = (rows[p + i + 1] as number) - (rows[q + i + 1] as number);
    const d2 = (rows[p + i + 2] as number) - (rows[q + i + 2] as number);
    const d3 = (rows[p + i + 3] as number) - (rows[q + i + 3] as number);
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; i < cols; i++) s0 += ((rows[p + i] as number) - (rows[q + i] as number)) ** 2;
  return s0 + s1 + (s2 + s3);
}

/** Puts (id, squared) into the list of `row` if it belongs there and is not in it; 1 if it was put there. */
function offer({ k, ids, squared: all, fresh }: Lists, row: number, id: number, squared: number): number {
  const first = row * k;
  let at = first + k - 1;
  if (id === row || !(squared < (all[at] as number))) return 0;
  for (let j = first; j <= at; j++) if (ids[j] === id) return 0;
  for (; at > first && squared < (all[at - 1] as number); at--) {
    all[at] = all[at - 1] as number;
    ids[at] = ids[at - 1] as number;
    fresh[at] = fresh[at - 1] as number;
  }
  all[at] = squared;
  ids[at] = id;
  fresh[at] = 1;
  return 1;
}
