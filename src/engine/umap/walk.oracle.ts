import { type Curve, fitCurve } from './curve.ts';
import type { FuzzyGraph } from './fuzzy.ts';
import type { OptimiseOptions } from './optimise.ts';
import { CLIP, NEGATIVE_RATE, RATE_MASK, ratesOf } from './walk.ts';

/** The epochs of walk.wgsl in float64, by the formulas as they are written in the paper; the tests' oracle. */
export function walkOracle(graph: FuzzyGraph, start: Float32Array, options: OptimiseOptions, mostTies = 512): Float64Array {
  const rates = ratesOf(graph.weights);
  const curve = fitCurve(options.minDist, options.spread);
  let old = Float64Array.from(start);
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    const moved = old.slice();
    const alpha = 1 - (epoch - 1) / options.epochs;
    for (let row = options.held ?? 0; row < graph.rows; row++) {
      const key = hash(hash(hash(options.seed >>> 0) + epoch) + row);
      moved.set(placeOf({ graph, rates, curve, old, alpha, epoch, key, mostTies }, row), 2 * row);
    }
    old = moved;
  }
  return old;
}

interface Step {
  readonly graph: FuzzyGraph;
  readonly rates: Int32Array;
  readonly curve: Curve;
  readonly old: Float64Array;
  readonly alpha: number;
  readonly epoch: number;
  readonly key: number;
  readonly mostTies: number;
}

function placeOf({ graph, rates, curve, old, alpha, epoch, key, mostTies }: Step, row: number): [number, number] {
  const { rows, offsets, tails } = graph;
  const [first, ties] = [offsets[row] as number, (offsets[row + 1] as number) - (offsets[row] as number)];
  let [x, y] = [old[2 * row] as number, old[2 * row + 1] as number];
  let draws = 0;
  for (let t = 0; t < Math.min(ties, mostTies); t++) {
    const tie = first + (((ties > mostTies ? (epoch - 1) * mostTies : 0) + t) % ties);
    const rate = rates[tie] as number;
    if ((Math.imul(epoch, rate) & RATE_MASK) >= rate) continue;
    const [px, py] = move(x, y, tails[tie] as number, old, alpha, (d2) => -pullAt(d2, curve));
    [x, y] = [x + px, y + py];
    const from = [x, y] as const;
    for (let s = 0; s < NEGATIVE_RATE; s++) {
      const bits = hash(key + Math.imul(++draws, 0x9e3779b9)) >>> 8;
      const other = Math.min(rows - 1, Math.floor(Math.fround(bits * Math.fround(rows / 2 ** 24))));
      if (other === row) continue;
      const [qx, qy] = move(...from, other, old, alpha, (d2) => pushAt(d2, curve));
      [x, y] = [x + qx, y + qy];
    }
  }
  return [x, y];
}

const pullAt = (d2: number, { a, b }: Curve): number => (2 * a * b * d2 ** (b - 1)) / (1 + a * d2 ** b);
const pushAt = (d2: number, { a, b }: Curve): number => (2 * b) / ((0.001 + d2) * (1 + a * d2 ** b));

/** What `force` of row `other` adds to (x, y). */
function move(
  x: number,
  y: number,
  other: number,
  old: Float64Array,
  alpha: number,
  force: (d2: number) => number,
): [number, number] {
  const apart = [x - (old[2 * other] as number), y - (old[2 * other + 1] as number)] as const;
  const d2 = Math.min(2 ** 20, Math.max(2 ** -24, apart[0] ** 2 + apart[1] ** 2));
  const clipped = (d: number): number => alpha * Math.min(CLIP, Math.max(-CLIP, force(d2) * d));
  return [clipped(apart[0]), clipped(apart[1])];
}

function hash(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}
