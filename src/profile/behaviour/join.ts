import { createMatrix, type Matrix, type ProfileTable, rowOf } from '../../domain/index.ts';
import { fitScale, type RobustScale, scaled, varying } from './scale.ts';

/**
 * One scale a window: over the profiles that are not thin of all windows, or without look-ahead of the windows up to each, so that later data leave it
 * as it is.
 */
export function scalesOf(
  columns: readonly Float64Array[],
  { thin, window }: ProfileTable,
  windows: number,
  lookAhead: boolean,
): RobustScale[] {
  const full = Uint32Array.from(thin.keys()).filter((p) => !thin[p]);
  if (lookAhead) return new Array<RobustScale>(windows).fill(fitScale(columns, full));
  return Array.from({ length: windows }, (_, w) =>
    fitScale(
      columns,
      full.filter((p) => (window[p] as number) <= w),
    ),
  );
}

/**
 * [sqrt(1 - b) * v, sqrt(b / p) * z] (DESIGN.md section 3): profiles x (dims + features). p counts the features that vary in the profile's
 * scale: one that does not is 0 for all, and takes no weight from the others.
 * @param vectors profiles x dims, unit rows
 * @param weight b
 * @param scales one a window
 */
export function joinBehaviour(
  vectors: Matrix,
  columns: readonly Float64Array[],
  { window }: Pick<ProfileTable, 'window'>,
  scales: readonly RobustScale[],
  weight: number,
): Matrix {
  const out = createMatrix(vectors.rows, vectors.cols + columns.length);
  const ofTexts = Math.sqrt(1 - weight);
  const ofFeatures = scales.map((scale) => Math.sqrt(weight / Math.max(1, varying(scale))));
  for (let p = 0; p < vectors.rows; p++) {
    const [row, w] = [rowOf(out, p), window[p] as number];
    const [scale, factor] = [scales[w] as RobustScale, ofFeatures[w] as number];
    for (const [c, v] of rowOf(vectors, p).entries()) row[c] = ofTexts * v;
    for (const [f, column] of columns.entries()) row[vectors.cols + f] = factor * scaled(scale, f, column[p] as number);
  }
  return out;
}
