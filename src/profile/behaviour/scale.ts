/** Where the values of each feature lie. Survives structured clone. */
export interface RobustScale {
  /** Median. */
  readonly centre: Float64Array;
  /** Interquartile range; 0 = the feature does not vary, and says nothing. */
  readonly spread: Float64Array;
}

/** Interquartile range of a normal distribution, in standard deviations. */
const IQR_OF_NORMAL = 1.349;
/** Below this share of the values a spread is the rounding of sums. */
const ROUNDING = 1e-9;
/** Four standard deviations of a normal distribution: farther out nobody is seen to be farther, or one hoarder would bend the axes of all. */
const FARTHEST = 3;

/**
 * Median and interquartile range of each column over the given rows, as scikit-learn's RobustScaler has them: quantiles interpolate linearly, NaN
 * is left out. Where at least half of the rows share one value, so that the range is 0, it is that of a normal distribution with the column's
 * standard deviation: few users buy, and that they do tells much.
 */
export function fitScale(columns: readonly Float64Array[], rows: ArrayLike<number>): RobustScale {
  const found = columns.map((column) => {
    const values = Float64Array.from(rows, (row) => column[row] as number)
      .filter((value) => !Number.isNaN(value))
      .sort();
    return { centre: values.length === 0 ? 0 : quantile(values, 0.5), spread: spreadOf(values) };
  });
  return { centre: Float64Array.from(found, (f) => f.centre), spread: Float64Array.from(found, (f) => f.spread) };
}

function spreadOf(sorted: Float64Array): number {
  if (sorted.length === 0) return 0;
  const least = ROUNDING * Math.max(Math.abs(sorted[0] as number), Math.abs(sorted.at(-1) as number));
  const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  if (range > least) return range;
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const deviation = Math.sqrt(sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0) / sorted.length);
  return deviation > least ? IQR_OF_NORMAL * deviation : 0;
}

/** Of ascending values, interpolated linearly (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] as number) - low);
}

/** (value - centre) / spread, at most {@link FARTHEST} from 0; 0 where nothing is known or the feature does not vary. */
export function scaled({ centre, spread }: RobustScale, feature: number, value: number): number {
  const width = spread[feature] as number;
  if (width === 0 || Number.isNaN(value)) return 0;
  return Math.min(FARTHEST, Math.max(-FARTHEST, (value - (centre[feature] as number)) / width));
}

/** p: features that vary. */
export const varying = ({ spread }: RobustScale): number => spread.reduce((n, width) => n + (width > 0 ? 1 : 0), 0);
