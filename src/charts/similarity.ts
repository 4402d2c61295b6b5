import type { Box } from './geometry.ts';

export interface SimilarityBar extends Box {
  /** Least similarity of the bar's values. */
  readonly from: number;
  readonly count: number;
}

/** Values of at least `least`; NaN is none. */
export const countFrom = (similarities: Float32Array, least: number): number =>
  similarities.reduce((count, value) => count + (value >= least ? 1 : 0), 0);

/** Counts over equal bins of [0, 1], the tallest bar as high as the box; values below 0 stand in the first bin, NaN in none. */
export function layoutSimilarities(similarities: Float32Array, bins: number, box: Box): SimilarityBar[] {
  const counts = new Uint32Array(bins);
  for (const value of similarities) {
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(value * bins)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  const most = Math.max(1, ...counts);
  const width = box.width / bins;
  return [...counts].map((count, i) => {
    const height = (box.height * count) / most;
    return { from: i / bins, count, x: box.x + i * width, y: box.y + box.height - height, width, height };
  });
}
