import { inputError, type JobContext, type Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { forPairs, TILE } from '../tiles.ts';
import { forWasmPairs, onlyPart, type RowsInArena, withRows } from '../wasm/index.ts';

/** Distances of all pairs i < j, the upper triangle row by row: i starts at {@link lineOf}(n, i) + i + 1. */
export interface PairDistances {
  readonly n: number;
  /** n (n - 1) / 2 values. */
  readonly values: Float32Array;
}

/** Where d(i, j) stands, i < j, is `lineOf(n, i) + j`. Whole numbers below 2^31 for up to 46,000 rows. */
export const lineOf = (n: number, i: number): number => i * n - ((i * (i + 3)) >> 1) - 1;

/**
 * |a|^2 + |b|^2 - 2 a.b loses what the lengths have more than the distance. Below this share of the lengths, float64 measures
 * the difference itself; above it float32 is wrong by some 1e-6 of the squared distance.
 */
const NEAR = 0.05;

/** Distances to their roots, in place. */
export async function takeRoots({ n, values }: PairDistances, ctx: JobContext): Promise<void> {
  for (let start = 0; start < values.length; start += 64 * n) {
    const block = values.subarray(start, start + 64 * n);
    for (let i = 0; i < block.length; i++) block[i] = Math.sqrt(block[i] as number);
    await ctx.checkpoint();
  }
}

/**
 * Squared Euclidean distances of all pairs.
 * @throws AppError `input` where one is too great for float32.
 */
export async function squaredDistances(x: Matrix, ctx: JobContext): Promise<PairDistances> {
  const n = x.rows;
  const found = { n, values: new Float32Array((n * (n - 1)) / 2) };
  if (await fillWasm(x, found, ctx)) return found;
  await forPairs(x, ctx, ({ rowStart, rowEnd, colStart, colEnd, squared }) => {
    for (let i = rowStart; i < rowEnd; i++) {
      const [line, from] = [lineOf(n, i), (i - rowStart) * TILE - colStart];
      for (let j = Math.max(i + 1, colStart); j < colEnd; j++) found.values[line + j] = squared[from + j] as number;
    }
  });
  // Rows that long never took the WASM path.
  await forBlocks(found.values.length, 1, ctx, (start, end) => {
    for (let at = start; at < end; at++) if (found.values[at] === Number.POSITIVE_INFINITY) throw tooFar();
  });
  return found;
}

const tooFar = () =>
  inputError('too-far', 'Two rows are more than 1e19 apart, too far for a hierarchy.', 'Scale the number columns.');

async function fillWasm(x: Matrix, { n, values }: PairDistances, ctx: JobContext): Promise<boolean> {
  const done = await withRows(x, ctx, null, async (rows) => {
    const part = onlyPart(rows);
    if (!part) return null;
    await forWasmPairs(part, ctx, ({ at, i, iCount, j, jCount }) => {
      const tile = part.arena.f32(at, TILE * TILE);
      for (let p = 0; p < iCount; p++) {
        const first = Math.max(j, i + p + 1);
        if (first < j + jCount) values.set(tile.subarray(p * TILE + first - j, p * TILE + jCount), lineOf(n, i + p) + first);
      }
    });
    await measureNear(part, values, ctx);
    return true;
  });
  return done === true;
}

async function measureNear({ arena, rows, raw, norms, stride }: RowsInArena, values: Float32Array, ctx: JobContext) {
  const lengths = arena.f32(norms, rows);
  for (let i = 0; i < rows; i++) {
    const [line, own] = [lineOf(rows, i), lengths[i] as number];
    for (let j = i + 1; j < rows; j++) {
      if ((values[line + j] as number) >= NEAR * (own + (lengths[j] as number))) continue;
      values[line + j] = arena.kernels.pairSquared(raw + i * stride, raw + j * stride, stride);
    }
    await ctx.checkpoint();
  }
}
