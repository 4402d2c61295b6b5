import type { RunManifest } from './manifest.ts';

/** A run that is not over yet, as it is written down so that it can go on after a reload. */
export interface UnfinishedRun {
  readonly id: string;
  /** When it was last written down, milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Of its texts, how many had their vector: 0..1. */
  readonly embedded: number;
  /** Its file is the sample that comes with the page. */
  readonly sample: boolean;
  /** Files and all that was chosen. The model is the one that was wanted, and there is no device yet. */
  readonly recipe: RunManifest;
}
