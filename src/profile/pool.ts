import { createMatrix, type JobContext, type Matrix, type ProfileTable, rowOf } from '../domain/index.ts';

/** Multiplications between two checkpoints: some ten milliseconds. */
const WORK = 8_000_000;

/**
 * One unit row a profile: the weighted sum of its texts' vectors (`texts x dims`), L2-normalised; a zero sum stays zero. Sums in
 * float64, in ascending order of text ids, so the bits do not depend on the order of the input.
 */
export async function poolVectors(profiles: ProfileTable, textVectors: Matrix, ctx: JobContext): Promise<Matrix> {
  const { cols } = textVectors;
  const out = createMatrix(profiles.count, cols);
  const sum = new Float64Array(cols);
  let work = 0;
  for (let p = 0; p < profiles.count; p++) {
    const from = profiles.offsets[p] as number;
    const to = profiles.offsets[p + 1] as number;
    sum.fill(0);
    for (let i = from; i < to; i++) {
      addScaled(sum, rowOf(textVectors, profiles.textIds[i] as number), profiles.weights[i] as number);
    }
    out.data.set(unit(sum), p * cols);
    work += (to - from + 2) * cols;
    if (work < WORK) continue;
    work = 0;
    ctx.progress(p + 1, profiles.count);
    await ctx.checkpoint();
  }
  ctx.progress(profiles.count, profiles.count);
  return out;
}

function addScaled(sum: Float64Array, row: Float32Array, weight: number): void {
  for (let c = 0; c < sum.length; c++) sum[c] = (sum[c] as number) + (row[c] as number) * weight;
}

/** In float64, before rounding: a strong decay makes sums that float32 squares would lose. */
function unit(sum: Float64Array): Float64Array {
  let square = 0;
  for (const v of sum) square += v * v;
  if (square === 0) return sum;
  const inverse = 1 / Math.sqrt(square);
  for (let c = 0; c < sum.length; c++) sum[c] = (sum[c] as number) * inverse;
  return sum;
}
