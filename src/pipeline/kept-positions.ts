import { createMatrix, type Matrix, type ProfileTable } from '../domain/index.ts';
import type { Reuse } from './memory.ts';

/**
 * Where the first profiles stand already (rows x 2): those of windows that new data did not touch stay where they were. Profiles are ordered by window and, in a
 * window, by user: the first ones are the same in both runs.
 */
export function keptPositions(reuse: Reuse | null, profiles: ProfileTable): Matrix {
  if (!reuse) return createMatrix(0, 2);
  const { x, y } = reuse.state.result.profiles;
  const touched = profiles.window.findIndex((window) => window >= reuse.from);
  const out = createMatrix(touched < 0 ? profiles.count : touched, 2);
  for (let p = 0; p < out.rows; p++) out.data.set([x[p] as number, y[p] as number], 2 * p);
  return out;
}
