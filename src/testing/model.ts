import { createMatrix, type EmbeddedTexts, type Matrix, type ModelInfo, NOTHING_EMBEDDED } from '../domain/index.ts';

/** A model that no test looks at, but for what is said of it. */
export const modelInfo = (change: Partial<ModelInfo> = {}): ModelInfo => ({
  ...{ id: 'm', name: 'M', kind: 'semantic', dtype: 'q8', device: 'wasm', workers: 1, threads: 1, dims: 2 },
  ...{ languages: ['en'], sha256: '', golden: null, trials: [], advice: null, notes: [] },
  ...change,
});

/** Vectors as an embedder gives them. */
export const embedded = (vectors: Matrix): EmbeddedTexts => ({
  vectors,
  report: { ...NOTHING_EMBEDDED, texts: vectors.rows },
});

/** For tests that look at the number of vectors only. */
export const blankVectors = (rows: number): EmbeddedTexts => embedded(createMatrix(rows, 2));
