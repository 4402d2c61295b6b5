import { type InterestTree, leavesUnder, type Segment, type TrackId } from '../domain/index.ts';
import type { LevelsTask } from './levels.ts';
import { nameGiver, numbered, RANKED } from './names.ts';
import { byScore, pickTerms } from './terms.ts';

/** Words of a segment that speak for the nodes above it; what ranks lower names nothing and would cost most of the time. */
const SPEAKING = 60;
/** Label words a node. */
const TERMS = 6;
const ROOT = 'All interests';

export type NodesTask = LevelsTask & Pick<InterestTree, 'a' | 'b'>;

/**
 * A name and label words for every node. A node of one track's segments is named by the track, with its windows where it does not hold
 * all of them; a node of several by its words: c-TF-IDF summed over its segments, each with one voice, as the share of a word
 * in the node times the share that the node has of it beside its sibling: m^2 / (m + s). From the root down, no two the same.
 */
export async function nameNodes(task: NodesTask): Promise<Pick<InterestTree, 'names' | 'terms'>> {
  const { segments, tracks, ctx } = task;
  const count = 2 * segments.length - 1;
  const names = new Array<string>(count).fill('');
  const terms = new Array<readonly string[]>(count).fill([]);
  const tree = { a: task.a, b: task.b, height: new Float64Array(), names, terms };
  const voices = await voicesOf(task);
  const sibling = siblingsOf(task);
  const taken = new Set(tracks.map(({ name }) => name));
  const give = nameGiver(taken);
  for (let node = count - 1; node >= 0; node--) {
    const ranked = rank(voices[node] as Voices, voices[sibling[node] as number]);
    const under = leavesUnder(tree, node).map((leaf) => segments[leaf] as Segment);
    terms[node] = ranked.slice(0, TERMS);
    names[node] = oneTrack(under) !== null ? pathName(under, task, taken) : node === count - 1 ? ROOT : give(ranked);
    await ctx.checkpoint();
  }
  return { names, terms };
}

/** Mean weight of each word over a node's segments. */
type Voices = ReadonlyMap<string, number>;

async function voicesOf({ segments, scored, a, b, ctx }: NodesTask): Promise<Voices[]> {
  const n = segments.length;
  const voices: Voices[] = segments.map((_, i) => {
    const best = (scored[i] ?? []).slice(0, SPEAKING);
    const total = best.reduce((sum, { score }) => sum + score, 0);
    return new Map(total === 0 ? [] : best.map(({ term, score }) => [term, score / total]));
  });
  const sizes: number[] = segments.map(() => 1);
  for (const [step, left] of a.entries()) {
    const right = b[step] as number;
    const size = (sizes[left] as number) + (sizes[right] as number);
    const sum = new Map<string, number>();
    for (const part of [left, right]) {
      const share = (sizes[part] as number) / size;
      for (const [term, weight] of voices[part] as Voices) sum.set(term, (sum.get(term) ?? 0) + share * weight);
    }
    voices[n + step] = sum;
    sizes[n + step] = size;
    await ctx.checkpoint();
  }
  return voices;
}

/** The root has none: -1. */
function siblingsOf({ segments, a, b }: NodesTask): Int32Array {
  const siblings = new Int32Array(2 * segments.length - 1).fill(-1);
  for (const [step, left] of a.entries()) {
    siblings[left] = b[step] as number;
    siblings[b[step] as number] = left;
  }
  return siblings;
}

function rank(own: Voices, beside: Voices | undefined): string[] {
  const score = (term: string, mean: number): number => mean ** 2 / (mean + (beside?.get(term) ?? 0));
  return pickTerms([...own].map(([term, mean]) => ({ term, score: score(term, mean) })).sort(byScore), RANKED);
}

/** The track that all of them belong to, or null. */
function oneTrack(segments: readonly Segment[]): TrackId | null {
  const track = segments[0]?.track ?? null;
  return segments.every((segment) => segment.track === track) ? track : null;
}

/** "tea · cups", or "tea · cups, 2024-01-01 to 2024-03-01" for a part of the track's windows. */
function pathName(under: readonly Segment[], { segments, tracks, windowNames }: LevelsTask, taken: Set<string>): string {
  const track = under[0]?.track;
  const name = tracks.find(({ id }) => id === track)?.name ?? '';
  if (segments.filter((segment) => segment.track === track).length === under.length) return name;
  const windows = under.map(({ window }) => window);
  const [first, last] = [Math.min(...windows), Math.max(...windows)].map((window) => windowNames[window]);
  const part = `${name}, ${first === last ? first : `${first} to ${last}`}`;
  const own = taken.has(part) ? numbered(part, taken) : part;
  taken.add(own);
  return own;
}
