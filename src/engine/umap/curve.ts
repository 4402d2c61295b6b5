/** How near two rows are drawn to lie at layout distance x: 1 / (1 + a x^2b). */
export interface Curve {
  readonly a: number;
  readonly b: number;
}

const SAMPLES = 300;
const ITERATIONS = 200;
/** Levenberg-Marquardt: where the damping starts, what a step multiplies or divides it by, and where it ends. */
const DAMPING = { start: 1e-3, factor: 4, hopeless: 1e18 };

/**
 * The curve nearest (least squares over 300 points of [0, 3 spread]) to 1 up to `minDist` and exp(-(x - minDist) / spread)
 * after it, as umap-learn fits it: a = 1.577, b = 0.895 for minDist 0.1 and spread 1.
 */
export function fitCurve(minDist: number, spread = 1): Curve {
  const xs = Float64Array.from({ length: SAMPLES }, (_, i) => (3 * spread * i) / (SAMPLES - 1));
  const ys = xs.map((x) => (x < minDist ? 1 : Math.exp(-(x - minDist) / spread)));
  let curve: Curve = { a: 1, b: 1 };
  let error = squaredError(curve, xs, ys);
  let damping = DAMPING.start;
  for (let i = 0; i < ITERATIONS; i++) {
    const next = dampedStep(curve, xs, ys, damping);
    const nextError = next.a > 0 && next.b > 0 ? squaredError(next, xs, ys) : Number.POSITIVE_INFINITY;
    if (nextError < error) [curve, error, damping] = [next, nextError, damping / DAMPING.factor];
    else damping *= DAMPING.factor;
    // Steps so short change nothing: half of the iterations, and of some 15 ms.
    if (damping > DAMPING.hopeless) break;
  }
  return curve;
}

const valueAt = ({ a, b }: Curve, x: number): number => 1 / (1 + a * x ** (2 * b));

function squaredError(curve: Curve, xs: Float64Array, ys: Float64Array): number {
  return xs.reduce((sum, x, i) => sum + (valueAt(curve, x) - (ys[i] as number)) ** 2, 0);
}

/** Solves (J'J + damping diag(J'J)) step = -J'r for the two parameters. */
function dampedStep(curve: Curve, xs: Float64Array, ys: Float64Array, damping: number): Curve {
  let [aa, ab, bb, ar, br] = [0, 0, 0, 0, 0];
  for (let i = 1; i < xs.length; i++) {
    const x = xs[i] as number;
    const value = valueAt(curve, x);
    const power = x ** (2 * curve.b);
    const byA = -power * value * value;
    const byB = -2 * curve.a * Math.log(x) * power * value * value;
    const residual = value - (ys[i] as number);
    aa += byA * byA;
    ab += byA * byB;
    bb += byB * byB;
    ar += byA * residual;
    br += byB * residual;
  }
  const [da, db] = [aa * (1 + damping), bb * (1 + damping)];
  const determinant = da * db - ab * ab;
  return { a: curve.a - (db * ar - ab * br) / determinant, b: curve.b - (da * br - ab * ar) / determinant };
}
