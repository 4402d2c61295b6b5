import { createMatrix, type JobContext, type Matrix, type ProfileTable, rowOf } from '../../domain/index.ts';
import { fitScale, type RobustScale, scaled, varying } from './scale.ts';

/** Profiles between two checkpoints: some ten milliseconds. */
const BATCH = 4096;

/**
 * One scale a window: over the profiles that are not thin of all windows, or without look-ahead of the windows up to each, so that later data leave it
 * as it is.
 */
export async function scalesOf(
  columns: readonly Float64Array[],
  { thin, window }: Pick<ProfileTable, 'thin' | 'window'>,
  windows: number,
  lookAhead: boolean,
  ctx: JobContext,
): Promise<RobustScale[]> {
  const full = Uint32Array.from(thin.keys()).filter((p) => !thin[p]);
  if (lookAhead) return new Array<RobustScale>(windows).fill(fitScale(columns, full));
  const scales: RobustScale[] = [];
  for (let w = 0; w < windows; w++) {
    const known = full.filter((p) => (window[p] as number) <= w);
    scales.push(fitScale(columns, known));
    await ctx.checkpoint();
  }
  return scales;
}

/**
 * [sqrt(1 - b) * v, sqrt(b / p) * z] (DESIGN.md section 3): profiles x (dims + features). p counts the features that vary in the profile's
 * scale: one that does not is 0 for all, and takes no weight from the others.
 * @param vectors profiles x dims, unit rows
 * @param weight b
 * @param scales one a window
 */
export async function joinBehaviour(
  vectors: Matrix,
  columns: readonly Float64Array[],
  { window }: Pick<ProfileTable, 'window'>,
  scales: readonly RobustScale[],
  weight: number,
  ctx: JobContext,
): Promise<Matrix> {
  const out = createMatrix(vectors.rows, vectors.cols + columns.length);
  const ofTexts = Math.sqrt(1 - weight);
  const ofFeatures = scales.map((scale) => Math.sqrt(weight / Math.max(1, varying(scale))));
  for (let p = 0; p < vectors.rows; p++) {
    const [row, w] = [rowOf(out, p), window[p] as number];
    const [scale, factor] = [scales[w] as RobustScale, ofFeatures[w] as number];
    const texts = rowOf(vectors, p);
    for (let c = 0; c < texts.length; c++) row[c] = ofTexts * (texts[c] as number);
    for (let f = 0; f < columns.length; f++) {
      row[vectors.cols + f] = factor * scaled(scale, f, columns[f]?.[p] as number);
    }
    if (p % BATCH === 0) await ctx.checkpoint();
  }
  return out;
}
