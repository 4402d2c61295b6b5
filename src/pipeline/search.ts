import {
  abilityError,
  createContext,
  dot,
  type JobContext,
  type Matrix,
  type ModelInfo,
  rowOf,
  type SearchHits,
  type Segment,
  type TextEmbedder,
  type TrackId,
} from '../domain/index.ts';
import { BestList, type CosineIndex, CPU, type NearestRows, openCosineIndex, type PcaModel } from '../engine/index.ts';
import { type RunMemory, type RunState, sameModel } from './memory.ts';
import { reduceBy } from './reduce.ts';
import { STANDING, standsOut } from './stands-out.ts';

const NEVER_STOPPED = new AbortController().signal;
const MOST = { texts: 20, users: 20, segments: 10 } as const;

/** Searches the result that a run has left. Prepares its texts once, for as long as they stay the same. */
export interface Searcher {
  /** Null where no search is under way, else what resolves at its end; soon in any case, for a model may never answer. */
  going(): Promise<unknown> | null;
  /**
   * What is near to a query, with breaks for other work and messages; to one without words nothing is, but all is made ready for the next.
   * @param embedder of the result's model
   * @throws AppError ability where there is no result, or the embedder is of another model
   */
  search(query: string, embedder: TextEmbedder): Promise<SearchHits>;
}

export function createSearcher(memory: RunMemory): Searcher {
  let prepared: { readonly vectors: Matrix; readonly index: Promise<CosineIndex> } | null = null;

  const indexOf = (vectors: Matrix, ctx: JobContext): Promise<CosineIndex> => {
    if (prepared?.vectors !== vectors) {
      // One that did not open was told to its search, and has nothing to close.
      prepared?.index.then((index) => index.close()).catch(() => {});
      const made = { vectors, index: openCosineIndex(vectors, ctx) };
      prepared = made;
      // The next search tries again.
      made.index.catch(() => {
        if (prepared === made) prepared = null;
      });
    }
    return prepared.index;
  };
  const search: Searcher['search'] = async (query, embedder) => {
    const ctx = createContext('embed', () => {}, NEVER_STOPPED);
    const { state } = memory;
    if (!state) throw abilityError('no-result', 'There is no result to search.', 'Analyse first.');
    requireSameModel(state.result.model, await embedder.describe());
    const index = await indexOf(state.vectors, ctx);
    const start = performance.now();
    const words = query.trim();
    const found = await embedder.embedQuery(words, corpusOf(state));
    const vector = words === '' ? new Float32Array(state.vectors.cols) : found;
    const least = leastCosine(state.result.model);
    const texts = textsNear(index, vector, state, least);
    const having = least > 0 ? withTextsIn(textsAbove(index, vector, least), state) : null;
    const space = await profilesNear(state, vector, having, ctx);
    const stands = isJudged(state, words) ? standsOut(state.vectors, vector, fifthOf(index, vector)) : true;
    return { query, texts, ...space, standsOut: stands, milliseconds: performance.now() - start };
  };
  let going: Promise<unknown> | null = null;
  return {
    going: () => going,
    search(query, embedder) {
      const hits = search(query, embedder);
      const ended: Promise<unknown> = Promise.race([hits.catch(() => undefined), after(MOST_HELD_MS)]).finally(() => {
        if (going === ended) going = null;
      });
      going = ended;
      return hits;
    },
  };
}

/** Other work is not held longer by one search: it must hear a cancel within a second. */
const MOST_HELD_MS = 500;
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function requireSameModel(model: ModelInfo, loaded: ModelInfo): void {
  if (sameModel(model, loaded)) return;
  throw abilityError(
    'other-model',
    `The result was made by ${fileOf(model)}, and what could be loaded is ${fileOf(loaded)}.`,
    'Analyse again to search with the model that is here.',
  );
}

const fileOf = ({ name, dtype, device, sha256 }: ModelInfo): string =>
  `${name} (${[dtype, device, sha256 === '' ? '' : `sha256 ${sha256.slice(0, 10)}…`].filter(Boolean).join(', ')})`;

/** Texts that the words of a query are weighed by; a semantic model does not look at them, and they need not be sent. */
const corpusOf = ({ result, corpus }: RunState): readonly string[] => (result.model.kind === 'lexical' ? corpus : []);

/** A lexical model tells by itself: what shares no word is in no list. */
const isJudged = ({ result: { model } }: RunState, words: string): boolean => words !== '' && model.kind === 'semantic';

const fifthOf = (index: CosineIndex, vector: Float32Array): number => index.nearest(vector, STANDING).cosines[STANDING - 1] ?? 0;

/** Standard errors of a cosine that two vectors of a random projection have by chance; beyond 4 are 3 in 100,000 texts. */
const CHANCE = 4;

/**
 * What a cosine to a text must be to mean anything. That of two texts without a common word or letters is 0 but for the random projection of a
 * lexical model, whose standard error is 1 / sqrt(dims).
 */
const leastCosine = ({ kind, dims }: ModelInfo): number => (kind === 'lexical' ? CHANCE / Math.sqrt(dims) : 0);

/** All texts that are at least so near; as many are asked for as it takes. */
function textsAbove(index: CosineIndex, vector: Float32Array, least: number): readonly number[] {
  for (let k = 64; ; k *= 8) {
    const { ids, cosines } = index.nearest(vector, k);
    if (ids.length < k || (cosines[k - 1] as number) < least) return [...ids].filter((_, i) => (cosines[i] as number) >= least);
  }
}

/** By profile, 1 where it has one of the texts. */
function withTextsIn(sought: readonly number[], { profiles, texts }: RunState): Uint8Array {
  const isSought = new Uint8Array(texts.length);
  for (const id of sought) isSought[id] = 1;
  const { offsets, textIds, count } = profiles;
  return Uint8Array.from({ length: count }, (_, p) =>
    textIds.subarray(offsets[p], offsets[p + 1]).some((id) => isSought[id] === 1) ? 1 : 0,
  );
}

function textsNear(index: CosineIndex, vector: Float32Array, state: RunState, least: number): SearchHits['texts'] {
  const found = near(index.nearest(vector, MOST.texts), least);
  const users = usersOf(
    found.map(([id]) => id),
    state,
  );
  return found.map(([id, cosine]) => ({ text: state.texts[id] as string, cosine, users: users.get(id)?.size ?? 0 }));
}

/** The users of each of a few texts. */
function usersOf(sought: readonly number[], { profiles, texts }: RunState): ReadonlyMap<number, ReadonlySet<number>> {
  const users = new Map(sought.map((id) => [id, new Set<number>()]));
  // Most texts are not sought, which a table tells faster than the map does.
  const isSought = new Uint8Array(texts.length);
  for (const id of sought) isSought[id] = 1;
  const { offsets, textIds, user, count } = profiles;
  for (let p = 0; p < count; p++) {
    for (let i = offsets[p] as number; i < (offsets[p + 1] as number); i++) {
      const id = textIds[i] as number;
      if (isSought[id] === 1) users.get(id)?.add(user[p] as number);
    }
  }
  return users;
}

/**
 * Users and segments by the cosine in the space that segments live in, to a profile whose one text is the query.
 * @param having by profile, 1 where it may be near at all, and with it its segment; null = all
 */
async function profilesNear(
  state: RunState,
  vector: Float32Array,
  having: Uint8Array | null,
  ctx: JobContext,
): Promise<Pick<SearchHits, 'users' | 'segments' | 'toSegments' | 'light'>> {
  const queries = await queryByWindow(state, vector, ctx);
  const { result, owned, centroids } = state;
  const cosines = await cosinesOf(owned, queries, ctx);
  const inSegment = having && segmentsHaving(having, state);
  const toCentre = result.segments.map(({ index, window, number }) => {
    const [centres, query] = [centroids[window], queries[window]];
    return centres && query && inSegment?.[index] !== 0 ? dot(rowOf(centres, number), query) : 0;
  });
  if (having) for (const p of cosines.keys()) cosines[p] = (cosines[p] as number) * (having[p] as number);
  const segments = segmentsNear(result.segments, toCentre);
  const nearest = segments[0]?.cosine ?? 1;
  const light = lightOf(cosines, nearest);
  const bright = brightOf(lightOf(Float32Array.from(toCentre), nearest), light, state);
  return { users: usersNear(state, cosines), segments, light, toSegments: { cosine: Float32Array.from(toCentre), bright } };
}

/** By segment, 1 where a user of it is among those told. */
function segmentsHaving(having: Uint8Array, { result }: RunState): Uint8Array {
  const out = new Uint8Array(result.segments.length);
  for (const [p, segment] of result.profiles.segment.entries()) if (having[p] === 1 && segment >= 0) out[segment] = 1;
  return out;
}

/** Of the light that is told as lit. */
const LIT = 0.5;
/** Of the users of a segment: where so many are lit, dots in its colour are what one sees. */
const LIT_SHARE = 0.25;

/** By segment, 1 where its centre or a good part of its users who are not thin is lit. */
function brightOf(centres: Float32Array, light: Float32Array, { profiles, result }: RunState): Uint8Array {
  const [lit, all] = [new Uint32Array(centres.length), new Uint32Array(centres.length)];
  for (const [p, segment] of result.profiles.segment.entries()) {
    if (segment < 0 || profiles.thin[p] === 1) continue;
    all[segment] = (all[segment] as number) + 1;
    if ((light[p] as number) >= LIT) lit[segment] = (lit[segment] as number) + 1;
  }
  return Uint8Array.from(centres, (value, s) =>
    value >= LIT || ((lit[s] as number) > 0 && (lit[s] as number) >= LIT_SHARE * (all[s] as number)) ? 1 : 0,
  );
}

/** A track goes on through many windows, and would take all places of the list. */
function segmentsNear(segments: readonly Segment[], cosines: readonly number[]): SearchHits['segments'] {
  const best = new Map<TrackId, number>();
  for (const { index, track } of segments) {
    const former = best.get(track);
    if (former === undefined || (cosines[index] as number) > (cosines[former] as number)) best.set(track, index);
  }
  const nearest = new BestList(MOST.segments);
  for (const segment of [...best.values()].sort((a, b) => a - b)) nearest.offer(segment, cosines[segment] as number);
  return near(nearest.toNearest()).map(([segment, cosine]) => ({ segment, cosine }));
}

/**
 * By window, the query as its profiles are: reduced by the basis of the window, of unit length. Null where there is no basis, and where the
 * query has nothing to compare.
 */
async function queryByWindow(
  { models, behaviour, result: { settings } }: RunState,
  vector: Float32Array,
  ctx: JobContext,
): Promise<(Float32Array | null)[]> {
  const weight = behaviour === null ? 0 : settings.behaviour.weight;
  const silent = vector.every((value) => value === 0) || weight >= 1;
  const known = new Map<PcaModel, Float32Array>();
  const queries: (Float32Array | null)[] = [];
  for (const model of models) {
    if (model && !silent && !known.has(model)) {
      known.set(model, rowOf(await reduceBy(model, joined(vector, model.mean.length, weight), CPU, ctx), 0));
    }
    queries.push((model && known.get(model)) ?? null);
  }
  return queries;
}

/** A profile of the text alone: of features, if profiles have any after their texts, it has the middle ones, which are at 0 once scaled. */
function joined(vector: Float32Array, cols: number, weight: number): Matrix {
  const data = new Float32Array(cols);
  for (let i = 0; i < vector.length; i++) data[i] = Math.sqrt(1 - weight) * (vector[i] as number);
  return { rows: 1, cols, data };
}

/** Multiply-adds between two checkpoints. */
const WORK = 4_000_000;

/** One a profile; 0 where its window has no basis. */
async function cosinesOf(
  owned: readonly Matrix[],
  queries: readonly (Float32Array | null)[],
  ctx: JobContext,
): Promise<Float32Array> {
  const out = new Float32Array(owned.reduce((sum, { rows }) => sum + rows, 0));
  let [at, work] = [0, 0];
  for (const [w, rows] of owned.entries()) {
    const query = queries[w];
    for (let r = 0; query && r < rows.rows; r++) {
      out[at + r] = dot(rowOf(rows, r), query);
      work += rows.cols;
      if (work < WORK) continue;
      work = 0;
      await ctx.checkpoint();
    }
    at += rows.rows;
  }
  return out;
}

function usersNear({ profiles, result }: RunState, cosines: Float32Array): SearchHits['users'] {
  const best = new Int32Array(result.users.length).fill(-1);
  for (let p = 0; p < profiles.count; p++) {
    const [user, former] = [profiles.user[p] as number, best[profiles.user[p] as number] as number];
    if (profiles.thin[p] === 0 && (former < 0 || (cosines[p] as number) > (cosines[former] as number))) best[user] = p;
  }
  const nearest = new BestList(MOST.users);
  for (const [user, profile] of best.entries()) if (profile >= 0) nearest.offer(user, cosines[profile] as number);
  return near(nearest.toNearest()).map(([user, cosine]) => ({ profile: best[user] as number, cosine }));
}

/** What is less near than this share of the nearest is not told: in a list of a fixed length there is always something. */
const LEAST_SHARE = 1 / 3;

function near({ ids, cosines }: NearestRows, bound = 0): [number, number][] {
  const least = Math.max(bound, LEAST_SHARE * (cosines[0] ?? 0));
  return Array.from(ids, (id, i): [number, number] => [id, cosines[i] as number]).filter(([, c]) => c > 0 && c >= least);
}

/** A query that is less near to every segment lights up nothing fully. */
const FULL_LIGHT = 0.3;

/**
 * How brightly each profile lights up: the cube of its cosine over that of the nearest segment, 1 at most. So whoever is as near as that is fully
 * lit, half as near gives an eighth of the light, and the other side of the middle none.
 * @param segment cosine of the nearest segment
 */
export function lightOf(cosines: Float32Array, segment: number): Float32Array {
  const full = Math.max(FULL_LIGHT, segment);
  return cosines.map((cosine) => (cosine > 0 ? Math.min(1, cosine / full) ** 3 : 0));
}
