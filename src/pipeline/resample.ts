import { type JobContext, type Matrix, type ProfileTable, rowOf, type WindowSegment } from '../domain/index.ts';
import { bestJaccards } from '../track/index.ts';
import { type Fitted, fitAgain } from './fit/index.ts';
import type { TrustTask } from './trust.ts';

/**
 * A fit of drawn profiles, held against the segments of all of them.
 * @param original Segment of each profile that could be drawn; -1 = noise.
 * @param drawn Those that were, as indexes into `original`, ascending, repeats allowed.
 * @param sample Their vectors, a row each.
 */
export async function jaccardsOfSample(
  task: TrustTask,
  original: Int32Array,
  drawn: Uint32Array,
  sample: Matrix,
  k: number,
  name: string,
  ctx: JobContext,
): Promise<Float64Array> {
  const { labels } = await fitAgain(sample, k, name, { ...task, ctx });
  const firsts = Uint32Array.from(drawn.keys()).filter((i) => i === 0 || drawn[i] !== drawn[i - 1]);
  return bestJaccards(
    original,
    k,
    firsts.map((i) => drawn[i] as number),
    Int32Array.from(firsts, (i) => labels[i] as number),
  );
}

/** The clusters of a fit of profiles of one window, as segments of it. */
export function segmentsOf({ labels, centroids }: Fitted, profiles: ProfileTable): WindowSegment[] {
  const members: number[][] = Array.from({ length: centroids.rows }, () => []);
  for (const [p, label] of labels.entries()) members[label]?.push(profiles.user[p] as number);
  return members.map((users, number) => ({
    window: 0,
    number,
    members: Uint32Array.from(users).sort(),
    centroid: rowOf(centroids, number),
  }));
}
