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
} from '../domain/index.ts';
import { BestList, type CosineIndex, CPU, openCosineIndex, type PcaModel } from '../engine/index.ts';
import { type RunMemory, type RunState, sameModel } from './memory.ts';
import { reduceBy } from './reduce.ts';

const NEVER_STOPPED = new AbortController().signal;
const MOST = { texts: 20, users: 20, segments: 10 } as const;

/** Searches the result that a run has left. Prepares its texts once, for as long as they stay the same. */
export interface Searcher {
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
      void prepared?.index.then((index) => index.close());
      prepared = { vectors, index: openCosineIndex(vectors, ctx) };
    }
    return prepared.index;
  };
  return {
    async search(query, embedder) {
      const ctx = createContext('embed', () => {}, NEVER_STOPPED);
      const { state } = memory;
      if (!state) throw abilityError('no-result', 'There is no result to search.', 'Analyse first.');
      requireSameModel(state.result.model, await embedder.describe());
      const index = await indexOf(state.vectors, ctx);
      const start = performance.now();
      const words = query.trim();
      const found = await embedder.embedQuery(words, corpusOf(state));
      const vector = words === '' ? new Float32Array(state.vectors.cols) : found;
      const texts = textsNear(index, vector, state);
      const space = await profilesNear(state, vector, ctx);
      return { query, texts, ...space, milliseconds: performance.now() - start };
    },
  };
}

function requireSameModel(model: ModelInfo, loaded: ModelInfo): void {
  if (sameModel(model, loaded)) return;
  throw abilityError(
    'other-model',
    `The result was made by ${model.name} (${model.dtype}, ${model.device}), and what could be loaded is ${loaded.name} (${loaded.dtype}, ${loaded.device}).`,
    'Analyse again to search with the model that is here.',
  );
}

/** Texts that the words of a query are weighed by; a semantic model does not look at them, and they need not be sent. */
const corpusOf = ({ result, texts }: RunState): readonly string[] => (result.model.kind === 'lexical' ? texts : []);

function textsNear(index: CosineIndex, vector: Float32Array, state: RunState): SearchHits['texts'] {
  const { ids, cosines } = index.nearest(vector, MOST.texts);
  const near = [...ids].filter((_, i) => (cosines[i] as number) > 0);
  const users = usersOf(near, state);
  return near.map((id, i) => ({
    text: state.texts[id] as string,
    cosine: cosines[i] as number,
    users: users.get(id)?.size ?? 0,
  }));
}

/** The users of each of a few texts. */
function usersOf(texts: readonly number[], { profiles }: RunState): ReadonlyMap<number, ReadonlySet<number>> {
  const users = new Map(texts.map((id) => [id, new Set<number>()]));
  const { offsets, textIds, user, count } = profiles;
  for (let p = 0; p < count; p++) {
    for (let i = offsets[p] as number; i < (offsets[p + 1] as number); i++) {
      users.get(textIds[i] as number)?.add(user[p] as number);
    }
  }
  return users;
}

/** Users and segments by the cosine in the space that segments live in, to a profile whose one text is the query. */
async function profilesNear(
  state: RunState,
  vector: Float32Array,
  ctx: JobContext,
): Promise<Pick<SearchHits, 'users' | 'segments' | 'light'>> {
  const queries = await queryByWindow(state, vector, ctx);
  const { result, owned, centroids } = state;
  const cosines = await cosinesOf(owned, queries, ctx);
  const nearest = new BestList(MOST.segments);
  for (const { index, window, number } of result.segments as readonly Segment[]) {
    const [centres, query] = [centroids[window], queries[window]];
    if (centres && query) nearest.offer(index, dot(rowOf(centres, number), query));
  }
  const segments = pairs(nearest).map(([segment, cosine]) => ({ segment, cosine }));
  return { users: usersNear(state, cosines), segments, light: lightOf(cosines) };
}

/**
 * By window, the query as its profiles are: reduced by the basis of the window, of unit length. Null where there is no basis, and where the
 * query has nothing to compare.
 */
async function queryByWindow(
  { models, result: { settings } }: RunState,
  vector: Float32Array,
  ctx: JobContext,
): Promise<(Float32Array | null)[]> {
  const { weight } = settings.behaviour;
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
  return pairs(nearest).map(([user, cosine]) => ({ profile: best[user] as number, cosine }));
}

/** What is on the query's side of the middle; the rest is near to nothing that was asked for. */
function pairs(best: BestList): [number, number][] {
  const { ids, cosines } = best.toNearest();
  return Array.from(ids, (id, i): [number, number] => [id, cosines[i] as number]).filter(([, cosine]) => cosine > 0);
}

/** A query that no profile is nearer to than this lights none of them fully. */
const FULL_LIGHT = 0.5;

/**
 * How brightly each profile lights up: the cube of its cosine over the best one's, so that one half as near has an eighth of the light, and
 * one on the other side of the middle none.
 */
export function lightOf(cosines: Float32Array): Float32Array {
  let best = FULL_LIGHT;
  for (const cosine of cosines) if (cosine > best) best = cosine;
  return cosines.map((cosine) => (cosine > 0 ? (cosine / best) ** 3 : 0));
}
