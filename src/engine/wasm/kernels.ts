/** Byte offset into an arena's memory. */
export type Pointer = number;

/** The exports of kernels.as.ts; what each does, and to what, stands there. Parameters in the same order. */
export interface Kernels {
  ownSquared(x: Pointer, from: number, to: number, labels: Pointer, centroids: Pointer, stride: number, out: Pointer): void;
  pairSquared(a: Pointer, b: Pointer, stride: number): number;
  findActive(
    from: number,
    to: number,
    labels: Pointer,
    upper: Pointer,
    lower: Pointer,
    drift: Pointer,
    halfGap: Pointer,
    farthest: number,
    most: number,
    rest: number,
    active: Pointer,
  ): number;
  tighten(
    active: Pointer,
    count: number,
    x: Pointer,
    xNorms: Pointer,
    stride: number,
    centroids: Pointer,
    cNorms: Pointer,
    longest: number,
    error: number,
    labels: Pointer,
    upper: Pointer,
    lower: Pointer,
    halfGap: Pointer,
  ): number;
  nearestTwo(
    x: Pointer,
    rows: Pointer,
    count: number,
    stride: number,
    centroids: Pointer,
    cNorms: Pointer,
    k: number,
    nearest: Pointer,
    best: Pointer,
    second: Pointer,
    scratch: Pointer,
  ): void;
  settle(
    active: Pointer,
    count: number,
    nearest: Pointer,
    best: Pointer,
    second: Pointer,
    xNorms: Pointer,
    longest: number,
    error: number,
    rawRows: Pointer,
    rawCentroids: Pointer,
    stride: number,
    k: number,
    fullK: number,
    labels: Pointer,
    upper: Pointer,
    lower: Pointer,
    exact: Pointer,
  ): number;
  moveSums(
    from: number,
    to: number,
    labels: Pointer,
    previous: Pointer,
    x: Pointer,
    stride: number,
    bytes: number,
    sums: Pointer,
  ): void;
  moveSizes(rows: number, labels: Pointer, previous: Pointer, sizes: Pointer): void;
  reduceByCandidates(
    x: Pointer,
    xNorms: Pointer,
    from: number,
    to: number,
    rows: number,
    stride: number,
    candidates: Pointer,
    cNorms: Pointer,
    count: number,
    nearest: Pointer,
    reduced: Pointer,
    sums: Pointer,
    scratch: Pointer,
  ): void;
  distanceRows(
    a: Pointer,
    aNorms: Pointer,
    aCount: number,
    b: Pointer,
    bNorms: Pointer,
    from: number,
    to: number,
    stride: number,
    outs: Pointer,
    scratch: Pointer,
  ): void;
  relax(
    id: number,
    core: number,
    row: Pointer,
    distances: Pointer,
    error: number,
    open: number,
    raw: Pointer,
    stride: number,
    cores: Pointer,
    keys: Pointer,
    parents: Pointer,
  ): void;
  nextEdge(open: number, ids: Pointer, keys: Pointer, parents: Pointer): number;
  norms(x: Pointer, from: number, to: number, stride: number, out: Pointer): void;
  columnSums(x: Pointer, from: number, to: number, stride: number, bytes: number, sums: Pointer): void;
  columnSquares(x: Pointer, from: number, to: number, stride: number, bytes: number, mean: Pointer, squares: Pointer): void;
  shift(x: Pointer, from: number, to: number, stride: number, mean: Pointer, out: Pointer): void;
  squaredDistanceTile(
    a: Pointer,
    aNorms: Pointer,
    aCount: number,
    b: Pointer,
    bNorms: Pointer,
    bCount: number,
    stride: number,
    out: Pointer,
    scratch: Pointer,
  ): void;
  rootTile(tile: Pointer): void;
  transposeTile(tile: Pointer, out: Pointer): void;
  weighTile(tile: Pointer, iCount: number, jCount: number, iShares: Pointer, jShares: Pointer): void;
  addByLabel(tile: Pointer, iCount: number, jCount: number, labels: Pointer, sums: Pointer, line: number): void;
  offerOwnTile(
    tile: Pointer,
    iStart: number,
    iCount: number,
    jStart: number,
    jCount: number,
    diagonal: boolean,
    byIndex: boolean,
    capacity: number,
    ids: Pointer,
    squared: Pointer,
    worst: Pointer,
  ): void;
  offerTile(
    tile: Pointer,
    iStart: number,
    iCount: number,
    jStart: number,
    jCount: number,
    byIndex: boolean,
    capacity: number,
    ids: Pointer,
    squared: Pointer,
    worst: Pointer,
  ): void;
  joinCloseTile(
    tile: Pointer,
    iStart: number,
    iCount: number,
    jStart: number,
    jCount: number,
    epsSquared: number,
    minPts: number,
    norms: Pointer,
    longest: number,
    error: number,
    raw: Pointer,
    stride: number,
    degree: Pointer,
    lists: Pointer,
    parent: Pointer,
  ): void;
  joinLists(from: number, to: number, minPts: number, degree: Pointer, lists: Pointer, parent: Pointer): void;
  labelRows(rows: number, minPts: number, degree: Pointer, lists: Pointer, parent: Pointer, labels: Pointer): number;
  packColumns(x: Pointer, rows: number, stride: number, mean: Pointer, out: Pointer): void;
  packRows(x: Pointer, rows: number, stride: number, mean: Pointer, out: Pointer): void;
  addScatter(strips: Pointer, count: number, from: number, to: number, length: number, gram: Pointer): void;
  crossProducts(a: Pointer, aCount: number, b: Pointer, bCount: number, length: number, out: Pointer): void;
  dotBytes(x: Pointer, from: number, to: number, stride: number, query: Pointer, out: Pointer): void;
  rotateLines(a: Pointer, b: Pointer, bytes: number, c: number, s: number): void;
}
