import { createMatrix, type Matrix, rowOf } from '../../domain/index.ts';
import { normalText } from './keys.ts';
import type { FoundVectors, VectorCache } from './types.ts';

/** Vectors that are known for as long as the process lives: for Node, and for a browser that keeps nothing. It may be closed and used on. */
export function createMemoryCache(dims: number, notes: readonly string[] = []): VectorCache {
  const known = new Map<string, Float32Array>();
  const lookUp = (texts: readonly string[]): FoundVectors => {
    const found = texts.map((text) => known.get(normalText(text)));
    const vectors = createMatrix(
      found.reduce((sum, vector) => sum + (vector ? 1 : 0), 0),
      dims,
    );
    const rows = new Int32Array(texts.length).fill(-1);
    let row = 0;
    found.forEach((vector, i) => {
      if (!vector) return;
      rowOf(vectors, row).set(vector);
      rows[i] = row++;
    });
    return { rows, vectors };
  };
  return {
    notes,
    lookUp: async (texts) => lookUp(texts),
    async keep(texts: readonly string[], vectors: Matrix) {
      texts.forEach((text, i) => {
        const key = normalText(text);
        if (!known.has(key)) known.set(key, rowOf(vectors, i).slice());
      });
    },
    close: async () => {},
  };
}
