import type { DensitySettings, DistanceCurve, JobContext, Matrix, Reach } from '../../domain/index.ts';
import { type Compute, kDistances, kneeOf } from '../../engine/index.ts';

/** Points of a curve as it is shown: one a pixel and a half. */
const CURVE_POINTS = 200;

/** The k-distance curve of some rows, its knee, and the eps that the settings take: the knee for 'auto'. Without rows all is 0. */
export async function reachOf(x: Matrix, { eps, minPts }: DensitySettings, compute: Compute, ctx: JobContext): Promise<Reach> {
  const distances = await kDistances(x, minPts, compute, ctx);
  const knee = kneeOf(distances);
  const distance = knee?.distance ?? 0;
  return { eps: eps === 'auto' ? distance : eps, knee: distance, curve: thinCurve(distances, knee?.index ?? 0) };
}

/** At most {@link CURVE_POINTS} of the ascending distances, evenly by their places; the first, the last and that of the knee are among them. */
export function thinCurve(distances: Float32Array, knee: number): DistanceCurve {
  const last = distances.length - 1;
  const steps = CURVE_POINTS - 2;
  const even =
    last <= steps ? [...distances.keys()] : Array.from({ length: steps + 1 }, (_, i) => Math.round((last * i) / steps));
  const places = Uint32Array.from(new Set(last < 0 ? [] : [...even, knee])).sort();
  return {
    distance: Float32Array.from(places, (place) => distances[place] as number),
    share: Float32Array.from(places, (place) => (place + 1) / distances.length),
  };
}
