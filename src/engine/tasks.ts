import { nearestToCentres } from './dbscan/cells.ts';
import { closePairs } from './dbscan/dbscan.wasm.ts';
import { assignRows, measureOwn } from './distances/assign.wasm.ts';
import { measureLines } from './hdbscan/mst.wasm.ts';
import { reduceRows } from './kmeans/seeding.wasm.ts';
import { moveColumns } from './kmeans/stepper.wasm.ts';
import { knnCross, knnPairs } from './knn/knn.wasm.ts';
import { addProducts, packBlocks, projectBlocks } from './pca/pca.wasm.ts';
import { distanceSumPairs } from './silhouette/silhouette.wasm.ts';
import { type AnyTask, TeamHelper } from './team/index.ts';
import { normRows, shiftRows, squareColumns, sumColumns } from './wasm/index.ts';

/** All that a team can be asked to do. */
const TASKS: readonly AnyTask[] = [
  ...[assignRows, measureOwn, moveColumns, reduceRows],
  ...[closePairs, distanceSumPairs, knnCross, knnPairs, measureLines, nearestToCentres],
  ...[addProducts, packBlocks, projectBlocks],
  ...[normRows, shiftRows, squareColumns, sumColumns],
];

/** The other end of a team, for a thread that does nothing else; `failed` hears why it can't go on. */
export const createTeamHelper = (failed: (why: string) => void): TeamHelper => new TeamHelper(TASKS, failed);
