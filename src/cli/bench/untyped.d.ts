/** The parts that the benchmark uses of packages that bring no types. */
declare module 'skmeans' {
  export default function skmeans(
    rows: number[][],
    k: number,
    start: 'kmpp',
    maxIterations: number,
  ): { idxs: number[]; it: number };
}

declare module 'density-clustering' {
  class DBSCAN {
    run(rows: number[][], eps: number, minPts: number): number[][];
  }
  const packages: { DBSCAN: typeof DBSCAN };
  export default packages;
}

declare module 'hdbscanjs' {
  interface Options {
    readonly data: number[];
    readonly opt: number;
  }
  class Hdbscan {
    static readonly distFunc: { euclidean(a: number[], b: number[]): number };
    constructor(rows: readonly Options[], distance: (a: number[], b: number[]) => number);
    getTree(): { readonly dist: number };
  }
  // A CommonJS module with a default of its own: Node puts one around the other.
  const wrapped: { readonly default: typeof Hdbscan };
  export default wrapped;
}
