import { type JobContext, type ProfileTable, rowOf, takeRows, type WindowSegment } from '../domain/index.ts';
import { bestJaccards } from '../track/index.ts';
import { type Fitted, fitAgain } from './fit/index.ts';
import type { TrustTask } from './trust.ts';

/**
 * A fit of the drawn rows (indexes into `rows`, ascending, repeats allowed), held against the segments of all of them.
 * @param original Segment of each of `rows`; -1 = noise.
 */
export async function jaccardsOfSample(
  task: TrustTask,
  rows: Uint32Array,
  original: Int32Array,
  drawn: Uint32Array,
  k: number,
  name: string,
  ctx: JobContext,
): Promise<Float64Array> {
  const sample = takeRows(
    task.reduced.vectors,
    drawn.map((i) => rows[i] as number),
  );
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
