import { type Matrix, silentContext } from '../../domain/index.ts';
import { CPU, pca, projectPca } from '../../engine/index.ts';
import { mixtureMatrix } from '../../testing/index.ts';
import type { Case } from './cases.ts';
import { PCA_DIMS } from './work.ts';

const DATA_SEED = 7;

/** For the report. */
export const DATA =
  'rows: unit vectors, 20 overlapping clusters of unequal size in sibling pairs, 5 % uniform noise, seed 7 (src/testing/mixture.ts); the same for everyone';

/** The rows of a case, the same on every call. */
export async function rowsOf({ rows, cols }: Case): Promise<Matrix> {
  if (cols !== 'pca64') return mixtureMatrix(rows, cols, DATA_SEED);
  const full = mixtureMatrix(rows, 384, DATA_SEED);
  return await projectPca(await pca(full, PCA_DIMS, CPU, silentContext), full, CPU, silentContext);
}
