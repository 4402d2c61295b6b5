import {
  createMatrix,
  type JobContext,
  type ModelInfo,
  NOTHING_EMBEDDED,
  normaliseRows,
  openWordCutter,
  rowOf,
  silentContext,
  type TextEmbedder,
  type TextLanguages,
  type WordCutter,
  type WordSettings,
} from '../../domain/index.ts';
import { LEXICAL_CARD, LEXICAL_DIMS } from './card.ts';
import { BUCKETS, type Features, featuresOf } from './features.ts';
import { Projection } from './project.ts';

/** Texts between two checkpoints: a few milliseconds. */
const SLICE = 64;

/**
 * Vectors of the words and letters of texts, for any language and with no model: same words, near vectors; other words for the same thing are
 * not near. TF-IDF of words and of character n-grams, each to unit length, side by side, brought to 512 components by a seeded projection. A vector
 * depends on its text, the corpus and the words left out, on nothing else.
 * @param languages of the texts: whose stop words are left out
 */
export function createLexicalEmbedder(words: WordSettings, languages: TextLanguages): TextEmbedder {
  const cutter = openWordCutter(words, languages);
  const projection = new Projection();
  // A query follows texts of the same corpus: its weights are kept.
  let kept: { readonly corpus: readonly string[]; readonly weigh: Weigh } | null = null;
  const weigherOf = async (corpus: readonly string[], ctx: JobContext): Promise<Weigh> => {
    if (kept && sameTexts(kept.corpus, corpus)) return kept.weigh;
    const weigh = await countCorpus(corpus, await cutter, ctx);
    kept = { corpus, weigh };
    return weigh;
  };
  const embed: TextEmbedder['embed'] = async (texts, ctx, corpus = texts) => {
    const start = performance.now();
    const weigh = await weigherOf(corpus, ctx);
    const cut = await cutter;
    const vectors = createMatrix(texts.length, LEXICAL_DIMS);
    let [tokens, empty] = [0, 0];
    for (const [i, text] of texts.entries()) {
      if (i % SLICE === 0) await breathe(ctx, i, texts.length);
      const features = featuresOf(text, cut);
      const count = sum(features.words);
      tokens += count;
      if (count === 0) empty++;
      rowOf(vectors, i).set(projected(features, weigh, projection));
    }
    ctx.progress(texts.length, texts.length);
    const seconds = (performance.now() - start) / 1000;
    return { vectors: normaliseRows(vectors), report: { ...NOTHING_EMBEDDED, texts: texts.length, tokens, empty, seconds } };
  };
  return {
    describe: async () => INFO,
    embed,
    embedQuery: async (query, corpus) => rowOf((await embed([query], silentContext, corpus)).vectors, 0),
    dispose: async () => {},
  };
}

const INFO: ModelInfo = {
  ...{ id: LEXICAL_CARD.id, name: LEXICAL_CARD.name, kind: 'lexical', dtype: 'none', device: 'none', workers: 1, threads: 1 },
  ...{ dims: LEXICAL_DIMS, languages: [], sha256: '', golden: null, trials: [], advice: null, notes: [] },
};

/** Identity first: the common case, and cheap. */
const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((text, i) => text === b[i]));

async function breathe(ctx: JobContext, done: number, total: number): Promise<void> {
  ctx.progress(done, total);
  await ctx.checkpoint();
}

/** How much a feature weighs for being rare. */
type Weigh = (bucket: number) => number;

/** idf = ln((1 + N) / (1 + df)) + 1 over the texts of the corpus, as scikit-learn's TfidfTransformer; 1 for all over none. */
async function countCorpus(corpus: readonly string[], cut: WordCutter, ctx: JobContext): Promise<Weigh> {
  const withFeature = new Uint32Array(BUCKETS);
  for (const [i, text] of corpus.entries()) {
    if (i % SLICE === 0) await ctx.checkpoint();
    const { words, grams } = featuresOf(text, cut);
    for (const part of [words, grams])
      for (const bucket of part.keys()) withFeature[bucket] = (withFeature[bucket] as number) + 1;
  }
  return (bucket) => Math.log((1 + corpus.length) / (1 + (withFeature[bucket] as number))) + 1;
}

/** Share of the squared length that words have, beside letters: with less, words that look alike pass for one. */
const WORDS = 0.5;

function projected({ words, grams }: Features, weigh: Weigh, projection: Projection): Float64Array {
  const out = new Float64Array(LEXICAL_DIMS);
  addPart(out, words, Math.sqrt(WORDS), weigh, projection);
  addPart(out, grams, Math.sqrt(1 - WORDS), weigh, projection);
  return out;
}

/** Adds a part of features at the given length. */
function addPart(
  out: Float64Array,
  counts: ReadonlyMap<number, number>,
  length: number,
  weigh: Weigh,
  projection: Projection,
): void {
  let squares = 0;
  for (const [bucket, count] of counts) squares += (count * weigh(bucket)) ** 2;
  const scale = length / Math.sqrt(squares);
  for (const [bucket, count] of counts) projection.add(out, bucket, count * weigh(bucket) * scale);
}

const sum = (counts: ReadonlyMap<number, number>): number => {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
};
