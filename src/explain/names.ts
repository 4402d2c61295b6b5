import { byScore, pickTerms, type ScoredTerm } from './terms.ts';

const SEPARATOR = ' · ';
/** Three words up to this length, else two: a legend's line. */
const MAX_LENGTH = 32;
/** Terms a track that a name may fall back on. */
export const RANKED = 12;
const NAMELESS = 'unnamed';

/**
 * A track's words over all its windows, best first: scores summed over the windows, each window's scaled to a sum of 1, so that a
 * busy window does not speak for all. In window order, so the bits are fixed.
 */
export function trackTerms(windows: readonly (readonly ScoredTerm[])[]): string[] {
  const sums = new Map<string, number>();
  for (const scored of windows) {
    const total = scored.reduce((sum, { score }) => sum + score, 0);
    if (total === 0) continue;
    for (const { term, score } of scored) sums.set(term, (sums.get(term) ?? 0) + score / total);
  }
  const ranked = [...sums].map(([term, score]) => ({ term, score })).sort(byScore);
  return pickTerms(ranked, RANKED);
}

/** "a · b · c", or two words where three are long; "unnamed" without words. */
export function trackName(terms: readonly string[]): string {
  if (terms.length === 0) return NAMELESS;
  const three = terms.slice(0, 3).join(SEPARATOR);
  return three.length <= MAX_LENGTH ? three : terms.slice(0, 2).join(SEPARATOR);
}

/**
 * One name a track, no two the same. The first keeps the plain name; a later one swaps its last word for its next best, and
 * where words do not help gets a number.
 * @param given a track: the name that it has already; such names are taken before all others.
 */
export function distinctNames(tracks: readonly (readonly string[])[], given: readonly (string | undefined)[] = []): string[] {
  const give = nameGiver(new Set(given.filter((name) => name !== undefined)));
  return tracks.map((terms, i) => given[i] ?? give(terms));
}

/** Gives names as {@link distinctNames} does, none of those in `taken`, to which it adds them. */
export function nameGiver(taken = new Set<string>()): (terms: readonly string[]) => string {
  return (terms) => {
    const name = candidates(terms).find((candidate) => !taken.has(candidate)) ?? numbered(trackName(terms), taken);
    taken.add(name);
    return name;
  };
}

function candidates(terms: readonly string[]): string[] {
  const plain = trackName(terms);
  const used = plain.split(SEPARATOR).length;
  const head = terms.slice(0, used - 1);
  return [plain, ...terms.slice(used).map((term) => [...head, term].join(SEPARATOR))];
}

export function numbered(name: string, taken: ReadonlySet<string>): string {
  let n = 2;
  while (taken.has(`${name} ${n}`)) n++;
  return `${name} ${n}`;
}
