/** What a run found. Which parts are there depends on the work; scores.ts makes one number of it. */
export interface Output {
  /** Cluster of each row, below 0 for noise. */
  readonly labels?: Int32Array;
  /** Rows x 15 neighbours. */
  readonly ids?: Int32Array;
  /** Rows x 2 positions. */
  readonly layout?: Float32Array;
  /** Passes over the rows, where the work decides how many it makes. */
  readonly passes?: number;
  /** Where the answer is a number: share of variance, mean silhouette, sum of heights. */
  readonly value?: number;
}

/** One run, in seconds. */
export interface Timed {
  readonly output: Output;
  /** By the clock. */
  readonly wall: number;
  /** Processor time of the process; null where nobody counts it (in a browser). */
  readonly cpu: number | null;
  /** What only the device knows; null on the CPU. */
  readonly device?: DeviceTimes | null;
}

/** What ran on the graphics device during one run. */
export interface DeviceTimes {
  readonly submits: number;
  /** Seconds and dispatches of each kernel, by timestamps; empty where the adapter has none. */
  readonly kernels: readonly KernelTime[];
}

export interface KernelTime {
  readonly kernel: string;
  readonly seconds: number;
  readonly dispatches: number;
}

/** Someone who does a case, made ready (rows loaded, warmed up) outside the timing. */
export interface Runner {
  readonly by: string;
  /** Rounds it is worth: 1 for what takes minutes. */
  readonly once: boolean;
  run(seed: number): Promise<Timed>;
  close(): Promise<void>;
}

/** Times of one runner, in seconds, one of each a run. */
export interface Times {
  readonly wall: readonly number[];
  readonly cpu: readonly number[] | null;
}
