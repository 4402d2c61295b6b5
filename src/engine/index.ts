export { type Compute, CPU } from './compute.ts';
export { type Assignment, assignNearest, type NearestResult } from './distances/index.ts';
export { type KMeansOptions, type KMeansResult, kmeans } from './kmeans/index.ts';
