/** For every row the nearest centroid (lowest index on ties) and the squared Euclidean distance to it. */
export interface Assignment {
  readonly labels: Int32Array;
  readonly distances: Float32Array;
}
