import { compareCodePoints, type JobContext, type WordCutter } from '../domain/index.ts';

/** Texts between two checkpoints: a few milliseconds where each is cut into words for the first time. */
const BATCH = 200;

export interface ScoredTerm {
  readonly term: string;
  readonly score: number;
}

/** A segment's texts: text id to the number of the segment's users who have it. */
export interface SegmentTexts {
  readonly window: number;
  readonly texts: ReadonlyMap<number, number>;
}

/**
 * c-TF-IDF (Grootendorst 2022, arXiv:2203.05794): W(t, c) = tf(t, c) * ln(1 + A / tf(t)). A class is a segment; tf(t, c) counts the word in
 * its texts, each text once a user; tf(t) sums tf(t, c) over the segments of the window, A is the mean number of words
 * a segment there. One list a segment, best first, ties by code points.
 */
export async function scoreTerms(
  texts: readonly string[],
  segments: readonly SegmentTexts[],
  cut: WordCutter,
  ctx: JobContext,
): Promise<ScoredTerm[][]> {
  const words = createWordCache(texts, cut);
  const counts: Counts[] = [];
  for (const segment of segments) {
    counts.push(await countWords(segment.texts, words, ctx));
    ctx.progress(counts.length, segments.length);
    await ctx.checkpoint();
  }
  const totals = totalsByWindow(segments, counts);
  const lists: ScoredTerm[][] = [];
  for (const [i, { window }] of segments.entries()) {
    lists.push(scoreWords(counts[i] as Counts, totals.get(window) as WindowTotals));
    await ctx.checkpoint();
  }
  return lists;
}

function scoreWords(counts: Counts, { frequency, mean }: WindowTotals): ScoredTerm[] {
  const score = (term: string, tf: number): number => tf * Math.log(1 + mean / (frequency.get(term) as number));
  return [...counts].map(([term, tf]) => ({ term, score: score(term, tf) })).sort(byScore);
}

/** Higher scores first, then code points. */
export const byScore = (a: ScoredTerm, b: ScoredTerm): number => b.score - a.score || compareCodePoints(a.term, b.term);

/** The first `n` terms; where a plural in -s and its singular both rank, the singular stands for both at the better place. */
export function pickTerms(ranked: readonly ScoredTerm[], n: number): string[] {
  const chosen: string[] = [];
  for (const { term } of ranked) {
    if (chosen.length === n) break;
    if (chosen.includes(`${term}s`)) chosen[chosen.indexOf(`${term}s`)] = term;
    else if (!(term.endsWith('s') && chosen.includes(term.slice(0, -1)))) chosen.push(term);
  }
  return chosen;
}

type Counts = Map<string, number>;

interface WindowTotals {
  readonly frequency: Counts;
  readonly mean: number;
}

/** Each text is cut into words once, when first met. */
function createWordCache(texts: readonly string[], cut: WordCutter): (id: number) => readonly string[] {
  const cache = new Map<number, readonly string[]>();
  return (id) => {
    const known = cache.get(id);
    if (known) return known;
    const words = cut(texts[id] ?? '');
    cache.set(id, words);
    return words;
  };
}

async function countWords(
  texts: ReadonlyMap<number, number>,
  words: (id: number) => readonly string[],
  ctx: JobContext,
): Promise<Counts> {
  const counts: Counts = new Map();
  let seen = 0;
  for (const [id, users] of texts) {
    for (const word of words(id)) counts.set(word, (counts.get(word) ?? 0) + users);
    if (++seen % BATCH === 0) await ctx.checkpoint();
  }
  return counts;
}

/** Counts are whole numbers, so the order of these sums does not matter. */
function totalsByWindow(segments: readonly SegmentTexts[], counts: readonly Counts[]): Map<number, WindowTotals> {
  const byWindow = new Map<number, { frequency: Counts; words: number; segments: number }>();
  segments.forEach(({ window }, i) => {
    const totals = byWindow.get(window) ?? { frequency: new Map<string, number>(), words: 0, segments: 0 };
    byWindow.set(window, totals);
    totals.segments++;
    for (const [word, count] of counts[i] as Counts) {
      totals.frequency.set(word, (totals.frequency.get(word) ?? 0) + count);
      totals.words += count;
    }
  });
  return new Map([...byWindow].map(([window, t]) => [window, { frequency: t.frequency, mean: t.words / t.segments }]));
}
