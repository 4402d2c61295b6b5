export { type ApproximateOptions, approximateKnn } from './ann/index.ts';
export { forBlocks } from './blocks.ts';
export { type Compute, CPU, type CpuCompute, cpuOf, type GpuCompute } from './compute.ts';
export {
  type Dbscan,
  type DbscanOptions,
  dbscan,
  type Knee,
  kDistances,
  kneeOf,
} from './dbscan/index.ts';
export { type Assignment, assignNearest } from './distances/index.ts';
export { type CondensedTree, type HdbscanOptions, type HdbscanResult, hdbscan } from './hdbscan/index.ts';
export { agglomerate, type Cut, cutTree, type Linkage, type Merges, mergesOf } from './hierarchy/index.ts';
export { type BisectingOptions, type Bisection, bisectingKMeans, cutBisection } from './kmeans/bisecting.ts';
export { type KMeansOptions, type KMeansResult, kmeans } from './kmeans/index.ts';
export { knn, knnBetween, type Neighbours } from './knn/index.ts';
export {
  adjustedMutualInformation,
  adjustedRandIndex,
  assignBest,
  type ClassAgreement,
  type ClassScore,
  type ClassScores,
  classAgreement,
  classScores,
  logFactorial,
  type PartitionQuality,
  partitionQuality,
  purity,
  trustworthiness,
} from './metrics/index.ts';
export { addToSums, type PcaModel, type PcaSums, pca, pcaOfSums, projectPca } from './pca/index.ts';
export { type Probe, probeDevices } from './probe/index.ts';
export { BestList, type CosineIndex, type NearestRows, openCosineIndex } from './search/index.ts';
export { type Silhouette, silhouette, silhouetteForMany } from './silhouette/index.ts';
export { createTeamHelper } from './tasks.ts';
export { type HelperThread, nodeHelper, openTeam, type Team, type TeamHelper, type ToHelper, webHelper } from './team/index.ts';
export {
  type Curve,
  createUmap,
  type FuzzyGraph,
  fitCurve,
  fuzzyGraph,
  type LayoutWatch,
  type OptimiseOptions,
  placeByNeighbours,
  principalLayout,
  type RowLinks,
  type Umap,
  type UmapOptions,
  umapLayout,
  withLinks,
} from './umap/index.ts';
