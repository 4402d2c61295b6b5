import { compareCodePoints, dot, type Matrix, rowOf } from '../domain/index.ts';

/** A text that only one user has may say who it is, and says little of the others. */
const MIN_USERS = 2;

interface Candidate {
  readonly id: number;
  readonly users: number;
  readonly cosine: number;
}

/**
 * Up to `count` example texts of a segment: those nearest its centroid among the texts that two or more of its users have; where there are
 * none, among all. Texts that differ only in case and spaces count as one. Ties: more users, then code points.
 *
 * `counts`: text id to the number of the segment's users who have it. `vectors`: texts x dims, unit rows. `centroid`: dims, in the
 * same space (see {@link meanTextVector}), of any length. Costs one dot product a candidate.
 */
export function chooseExemplars(input: {
  readonly texts: readonly string[];
  readonly counts: ReadonlyMap<number, number>;
  readonly vectors: Matrix;
  readonly centroid: ArrayLike<number>;
  readonly count: number;
}): string[] {
  const { texts, counts, vectors, centroid, count } = input;
  const common = [...counts].filter(([, users]) => users >= MIN_USERS);
  const pool = common.length > 0 ? common : [...counts];
  const candidates = pool.map(([id, users]): Candidate => ({ id, users, cosine: dot(rowOf(vectors, id), centroid) }));
  const text = (c: Candidate): string => texts[c.id] ?? '';
  candidates.sort((a, b) => b.cosine - a.cosine || b.users - a.users || compareCodePoints(text(a), text(b)));
  return distinctTexts(candidates.map(text), count);
}

/** The mean vector of a segment's texts, each once a user: its centroid in the space of the texts. Sums in float64, by text id. */
export function meanTextVector(vectors: Matrix, counts: ReadonlyMap<number, number>): Float64Array {
  const mean = new Float64Array(vectors.cols);
  const ids = [...counts.keys()].sort((a, b) => a - b);
  const total = ids.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0) || 1;
  for (const id of ids) {
    const row = rowOf(vectors, id);
    const weight = (counts.get(id) ?? 0) / total;
    for (let c = 0; c < mean.length; c++) mean[c] = (mean[c] as number) + weight * (row[c] as number);
  }
  return mean;
}

function distinctTexts(sorted: readonly string[], count: number): string[] {
  const seen = new Set<string>();
  const chosen: string[] = [];
  for (const text of sorted) {
    if (chosen.length >= count) break;
    const folded = text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
    if (seen.has(folded)) continue;
    seen.add(folded);
    chosen.push(text);
  }
  return chosen;
}
