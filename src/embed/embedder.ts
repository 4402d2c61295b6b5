import {
  createMatrix,
  type EmbeddedTexts,
  type EmbedReport,
  isCancelled,
  type JobContext,
  type Matrix,
  type ModelCard,
  type ModelInfo,
  NOTHING_EMBEDDED,
  normaliseRows,
  rowOf,
  type TextEmbedder,
} from '../domain/index.ts';
import { type Batch, createBatcher, filledUp } from './batches.ts';
import { createPace, normalText, type OpenVectorCache, type VectorCache } from './cache/index.ts';
import type { Encode } from './encode.ts';
import { type Choice, messageOf } from './session.ts';
import type { Settled } from './settle.ts';

/** What an embedder is made of; tests put in their own. */
export interface EmbedderParts {
  readonly card: ModelCard;
  readonly encode: { readonly text: Encode; readonly query: Encode };
  /**
   * A choice at work that is none of `broken` (by {@link Settled.name}); what it told goes into `notes`.
   * @throws AppError ability if none is left
   */
  readonly settle: (broken: ReadonlySet<string>, notes: string[]) => Promise<Settled>;
  /** Tokens in a batch. */
  readonly tokenBudget: (choice: Choice) => number;
  readonly openCache: OpenVectorCache;
  /** What the bits of a vector hang on beside model file, dtype and device. */
  readonly recipe: string;
  readonly notes: readonly string[];
}

/** Texts that are turned into tokens between two checkpoints; about 3 ms. */
const ENCODE_SLICE = 64;
/** New vectors are kept so often, the first at once, so that a reload loses no more than this work. A write of some hundred vectors takes about a millisecond. */
const KEEP_MS = 250;
/** Up to so many texts one worker is done about when another would have loaded the model: a second on a busy machine. */
const ALONE_UP_TO = 400;
/**
 * Texts come sorted by length; they are taken in so many rounds through the list, each of all lengths, so that the pace at any time is that of the
 * whole and an estimate from it holds. Batches are of equal length whatever the order.
 */
const ROUNDS = 16;

/** The device failed at a batch: another choice may do. */
class DeviceFailure extends Error {}

/**
 * An embedder of any sentence model: vectors are unit rows, zeros for a text without a token of its own, and a text has the same bits whatever is
 * embedded along with it, on however many workers, cached or not (promise P2). Where a device breaks down all is done anew by the next choice, so
 * that one device makes all vectors.
 * @throws AppError ability, now or from `embed`, if no choice will do
 */
export async function assembleEmbedder(parts: EmbedderParts): Promise<TextEmbedder> {
  const { card, encode } = parts;
  const notes = [...parts.notes];
  const broken = new Set<string>();
  let current = parts.settle(broken, notes);
  await current;

  /** The next choice, once for all calls that met the failure. */
  const replace = async (failed: Settled, why: string): Promise<void> => {
    if (broken.has(failed.name)) return;
    broken.add(failed.name);
    notes.push(`${failed.name} failed during the work: ${why}. All texts were embedded anew by another choice.`);
    failed.crew.close();
    current = parts.settle(broken, notes);
    await current;
  };
  const attempt = async <T>(work: (settled: Settled) => Promise<T>): Promise<T> => {
    for (;;) {
      const settled = await current;
      try {
        return await work(settled);
      } catch (error) {
        if (!(error instanceof DeviceFailure)) throw error;
        await replace(settled, error.message);
      }
    }
  };
  return {
    describe: async () => describe(parts, await current, notes),
    async embed(texts, ctx) {
      const before = notes.length;
      const { vectors, report } = await attempt((settled) => embedAll(parts, settled, texts, ctx));
      return { vectors, report: { ...report, notes: [...notes.slice(before), ...report.notes] } };
    },
    async embedQuery(query) {
      const { ids } = encode.query(normalText(query));
      if (ids.length === 0) return new Float32Array((await current).verdict.dims || (card.dims ?? 0));
      return attempt(async (settled) => rowOf(normaliseRows(await run(parts, settled, [ids])), 0).slice());
    },
    // What did not open was told to who asked for it, and has nothing to close.
    dispose: async () => (await current.catch(() => null))?.crew.close(),
  };
}

/** As many rows as `ids`, or more where batches are filled up. */
const run = (
  { tokenBudget }: EmbedderParts,
  { choice, crew, verdict }: Settled,
  ids: readonly (readonly number[])[],
): Promise<Matrix> =>
  crew.run(verdict.company === 'shape' ? filledUp(ids, tokenBudget(choice)) : ids).catch((error: unknown) => {
    throw new DeviceFailure(messageOf(error), { cause: error });
  });

/** A checkpoint that lasts longer is a pause: to let messages in takes a few milliseconds. */
const HELD_MS = 500;

/** One embedding of many texts, while it goes on. */
interface Work {
  readonly texts: readonly string[];
  readonly out: Matrix;
  /** Rows that are made and not kept yet. */
  fresh: number[];
  done: number;
  tokens: number;
  empty: number;
  /** Milliseconds that the user held the work back. */
  heldMs: number;
  /** One a text: 1 = it was cut to what the model reads, now or when its known vector was made. */
  readonly cut: Uint8Array;
}

async function embedAll(
  parts: EmbedderParts,
  settled: Settled,
  texts: readonly string[],
  ctx: JobContext,
): Promise<EmbeddedTexts> {
  const { choice, sha256, verdict } = settled;
  const { id: model } = parts.card;
  const cache = await parts.openCache({ model, modelSha256: sha256, ...choice, recipe: parts.recipe, dims: verdict.dims });
  try {
    const work: Work = {
      ...{ texts, out: createMatrix(texts.length, verdict.dims), cut: new Uint8Array(texts.length) },
      ...{ fresh: [], done: 0, tokens: 0, empty: 0, heldMs: 0 },
    };
    const unknown = await takeKnown(cache, work);
    const started = performance.now();
    await embedUnknown(parts, settled, work, unknown, cache, ctx);
    const report: EmbedReport = {
      ...NOTHING_EMBEDDED,
      texts: texts.length,
      cached: texts.length - unknown.length,
      empty: work.empty,
      cut: work.cut.reduce((sum, cut) => sum + cut, 0),
      tokens: work.tokens,
      seconds: (performance.now() - started - work.heldMs) / 1000,
      notes: [...cache.notes],
    };
    return { vectors: work.out, report };
  } finally {
    await cache.close();
  }
}

/** Copies the vectors that are known; the rows of the others, in rounds. */
async function takeKnown(cache: VectorCache, { texts, out, cut }: Work): Promise<number[]> {
  const known = await cache.lookUp(texts);
  const unknown: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = round; i < texts.length; i += ROUNDS) {
      const row = known.rows[i] ?? -1;
      if (row < 0) {
        unknown.push(i);
        continue;
      }
      rowOf(out, i).set(rowOf(known.vectors, row));
      cut[i] = known.cut[row] ?? 0;
    }
  }
  return unknown;
}

/** Turns texts into tokens while the runners are at work on those before. */
async function embedUnknown(
  parts: EmbedderParts,
  settled: Settled,
  work: Work,
  unknown: readonly number[],
  cache: VectorCache,
  ctx: JobContext,
): Promise<void> {
  const { encode, tokenBudget } = parts;
  const { choice, verdict, crew, grow } = settled;
  const { texts, out } = work;
  const total = texts.length;
  const pace = createPace(total, total - unknown.length);
  const underWay = new Set<Promise<void>>();
  let failed: unknown = null;
  let kept = Number.NEGATIVE_INFINITY;
  const tell = (): void => ctx.progress(total - unknown.length + work.done, total, pace.note(work.done, work.tokens));

  const breathe = async (): Promise<void> => {
    const before = performance.now();
    await ctx.checkpoint();
    const waited = performance.now() - before;
    if (waited < HELD_MS) return;
    work.heldMs += waited;
    pace.held(waited);
  };

  const finish = ({ rows, ids }: Batch, vectors: Matrix): void => {
    normaliseRows(vectors);
    rows.forEach((row, i) => {
      rowOf(out, row).set(rowOf(vectors, i));
    });
    work.fresh.push(...rows);
    work.done += rows.length;
    work.tokens += rows.length * (ids[0]?.length ?? 0);
    tell();
  };
  const start = (batch: Batch): void => {
    const running = run(parts, settled, batch.ids)
      .then((vectors) => finish(batch, vectors))
      .catch((error: unknown) => {
        failed ??= error;
      })
      .finally(() => underWay.delete(running));
    underWay.add(running);
  };
  const room = async (most: number): Promise<void> => {
    while (underWay.size > most && failed === null) await Promise.race(underWay);
    if (failed !== null) throw failed;
    await breathe();
  };
  const send = async (batch: Batch): Promise<void> => {
    await room(crew.room - 1);
    start(batch);
    if (work.fresh.length === 0 || performance.now() - kept < KEEP_MS) return;
    await keepFresh(cache, work);
    kept = performance.now();
  };

  if (unknown.length > ALONE_UP_TO) grow();
  const batcher = createBatcher(verdict.company === 'alone' ? 1 : tokenBudget(choice));
  tell();
  try {
    for (const [i, row] of unknown.entries()) {
      if (i % ENCODE_SLICE === 0) await breathe();
      const { ids, cut } = encode.text(normalText(texts[row] as string));
      if (cut) work.cut[row] = 1;
      const full = ids.length > 0 ? batcher.add(row, ids) : null;
      if (ids.length === 0) {
        work.empty++;
        work.done++;
      }
      if (full) await send(full);
    }
    for (const batch of batcher.rest()) await send(batch);
    await room(0);
    tell();
  } catch (error) {
    // Whoever cancelled waits until nothing of it is at work any more.
    if (isCancelled(error)) await Promise.all(underWay);
    throw error;
  } finally {
    await keepFresh(cache, work);
  }
}

async function keepFresh(cache: VectorCache, work: Work): Promise<void> {
  const rows = work.fresh;
  work.fresh = [];
  if (rows.length === 0) return;
  const vectors = createMatrix(rows.length, work.out.cols);
  rows.forEach((row, i) => {
    rowOf(vectors, i).set(rowOf(work.out, row));
  });
  await cache.keep(
    rows.map((row) => work.texts[row] as string),
    vectors,
    rows.map((row) => work.cut[row] as number),
  );
}

const describe = ({ card }: EmbedderParts, settled: Settled, notes: readonly string[]): ModelInfo => ({
  id: card.id,
  name: card.name,
  kind: card.kind,
  ...settled.choice,
  ...{ workers: settled.crew.size, threads: settled.spread.threads },
  dims: settled.verdict.dims,
  languages: card.languages,
  sha256: settled.sha256,
  golden: settled.verdict.golden,
  trials: settled.trials,
  advice: null,
  notes: [...notes, ...(settled.verdict.company === 'alone' ? [ALONE_NOTE] : [])],
});

const ALONE_NOTE =
  'This file of the model gives a text another vector beside other texts; so each goes through it alone, which takes longer.';
