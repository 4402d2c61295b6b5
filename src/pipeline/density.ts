import type { Density, ProfileTable, WindowDensity } from '../domain/index.ts';
import { groupByWindow } from './rows.ts';
import type { Segmentation } from './segment.ts';

/**
 * What the fits by density tell, gathered over the windows; null for other fits.
 * @param firstOf Index of each window's first segment.
 */
export function describeDensity(profiles: ProfileTable, { fits, numberOf }: Segmentation, firstOf: Uint32Array): Density | null {
  if (!fits.some((fit) => fit?.density)) return null;
  const rowsOf = groupByWindow(profiles, fits.length);
  const blank = (): Float32Array<ArrayBuffer> => new Float32Array(profiles.count).fill(Number.NaN);
  const all = { nearest: new Int32Array(profiles.count).fill(-1), similarity: blank(), strength: blank(), outlier: blank() };
  const windows: WindowDensity[] = [];
  for (const [window, fit] of fits.entries()) {
    if (!fit?.density) continue;
    const { reach, nearest, similarity, strength, outlier } = fit.density;
    let [leftOut, joined] = [0, 0];
    for (const [i, row] of (rowsOf[window]?.full ?? []).entries()) {
      const near = nearest[i] as number;
      if (near >= 0) all.nearest[row] = (firstOf[window] as number) + near;
      all.similarity[row] = similarity[i] as number;
      all.strength[row] = strength[i] as number;
      all.outlier[row] = outlier[i] as number;
      const inSegment = (numberOf[row] as number) >= 0;
      if (near >= 0 || !inSegment) leftOut++;
      if (near >= 0 && inSegment) joined++;
    }
    windows.push({ window, reach, leftOut, joined });
  }
  return { windows, ...all };
}
