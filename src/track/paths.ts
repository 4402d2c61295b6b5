import { type JobContext, rowOf, type UserChanges } from '../domain/index.ts';
import { forBlocks } from '../engine/index.ts';
import type { WindowProfiles } from './drift/decompose.ts';
import { centroidShift } from './drift/shift.ts';

interface Step {
  readonly row: Float32Array;
  readonly segment: number;
}

/**
 * How far each user went, over the windows that have a profile of theirs: from the first to the last, and summed over its steps.
 * Steps are 1 - cosine, which is no metric: they may add up to less than the displacement.
 * @param windows one a window, empty ones too. @param users ids are below it; one entry each.
 */
export async function userChanges(windows: readonly WindowProfiles[], users: number, ctx: JobContext): Promise<UserChanges> {
  const [first, last] = [new Int32Array(users).fill(-1), new Int32Array(users).fill(-1)];
  const [displacement, travelled] = [new Float64Array(users).fill(Number.NaN), new Float64Array(users).fill(Number.NaN)];
  const moves = new Uint32Array(users);
  const starts = new Map<number, Step>();
  const steps = new Map<number, Step>();
  for (const [window, { users: present, rows, segments }] of windows.entries()) {
    await forBlocks(rows.rows, 2 * rows.cols, ctx, (start, end) => {
      for (let r = start; r < end; r++) {
        const user = present[r] as number;
        const step: Step = { row: rowOf(rows, r), segment: segments[r] as number };
        const before = steps.get(user);
        steps.set(user, step);
        last[user] = window;
        if (!before) {
          first[user] = window;
          starts.set(user, step);
          continue;
        }
        displacement[user] = centroidShift((starts.get(user) as Step).row, step.row) ?? Number.NaN;
        travelled[user] = (travelled[user] || 0) + (centroidShift(before.row, step.row) ?? 0);
        if (before.segment !== step.segment) moves[user] = (moves[user] as number) + 1;
      }
    });
  }
  return { first, last, displacement, travelled, moves };
}
