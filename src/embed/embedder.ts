import {
  type AppError,
  abilityError,
  createMatrix,
  EMBED_DEVICE_BROKE,
  type JobContext,
  type Matrix,
  type ModelInfo,
  NOTHING_EMBEDDED,
  normaliseRows,
  rowOf,
  silentContext,
  type TextEmbedder,
} from '../domain/index.ts';
import { planBatches } from './batches.ts';
import { checkGolden, type GateResult, GOLDEN_COSINE } from './gate.ts';
import { DIMENSIONS, MODEL_ID } from './model.ts';
import { type Choice, describeChoice, type OpenSession, type Session } from './session.ts';
import type { Encode } from './tokenizer.ts';

/** What an embedder is made of; tests put in their own. */
export interface EmbedderParts {
  readonly encode: Encode;
  readonly open: OpenSession;
  readonly choice: Choice;
  /** Why it is no other choice. */
  readonly notes: readonly string[];
}

/**
 * Tokens in a batch, so that a worker hears a cancel in time: 35 to 50 ms on one WASM thread of a busy 2-core machine.
 * Twice as much is no faster and came to 130 ms there; half of it costs up to 5 % of the speed.
 */
const TOKEN_BUDGET = 256;
/** Texts that are turned into tokens between two checkpoints; about 3 ms. */
const ENCODE_SLICE = 64;
/** A WebGPU driver may never answer. The golden check takes seconds even on an emulated adapter. */
const MOST_WAIT_MS = 60_000;

interface Ready {
  readonly choice: Choice;
  readonly session: Session;
  readonly golden: GateResult;
}

/**
 * An embedder over `choice`, once that has passed the golden gate. There is no second choice in here: in a browser
 * transformers.js chains all loads and all runs of a worker, so after one that failed or never answered nothing works
 * there any more. Whoever wants another device starts another worker.
 * @throws AppError ability, now or from `embed`: {@link EMBED_DEVICE_BROKE} if WASM may do instead, else `no-embedding-device`.
 */
export async function assembleEmbedder(parts: EmbedderParts, mostWaitMs = MOST_WAIT_MS): Promise<TextEmbedder> {
  const failed = (what: string): AppError => failure(parts, what);
  const opening = openChecked(parts.open, parts.choice);
  const ready = await withTimeout(opening, mostWaitMs).catch((error) => {
    opening.then(({ session }) => session.dispose()).catch(() => {});
    throw failed(`could not be used: ${messageOf(error)}`);
  });
  const { session, golden } = ready;
  if (!golden.passed) {
    await session.dispose().catch(() => {});
    throw failed(
      `was refused: its vectors are not those of the reference (cosine ${golden.min.toFixed(3)}, at least ${GOLDEN_COSINE} is needed).`,
    );
  }
  const run: Session['run'] = (ids) =>
    withTimeout(session.run(ids), mostWaitMs).catch((error) => {
      throw failed(`failed during the work: ${messageOf(error)}`);
    });
  return {
    describe: () => Promise.resolve(infoOf(ready, parts.notes)),
    embed: async (texts, ctx) => {
      const ids = await encodeAll(parts.encode, texts, ctx);
      const tokens = ids.reduce((sum, row) => sum + row.length, 0);
      const report = { ...NOTHING_EMBEDDED, texts: texts.length, tokens };
      return { vectors: await embedIds(run, ids, ctx), report };
    },
    embedQuery: async (query) => rowOf(await embedIds(run, [parts.encode(query)], silentContext), 0),
    dispose: () => session.dispose(),
  };
}

function failure({ choice, notes }: EmbedderParts, what: string): AppError {
  const told = `${describeChoice(choice)} ${what}`;
  if (choice.device === 'webgpu') return abilityError(EMBED_DEVICE_BROKE, told, 'Choose the CPU in the settings.');
  return abilityError(
    'no-embedding-device',
    `The built-in model cannot run here. ${[...notes, told].join(' ')}`,
    'Try a current Chromium, Firefox or Safari, and reload the page.',
  );
}

async function openChecked(open: OpenSession, choice: Choice): Promise<Ready> {
  const session = await open(choice);
  try {
    return { choice, session, golden: await checkGolden(session) };
  } catch (error) {
    await session.dispose().catch(() => {});
    throw error;
  }
}

async function encodeAll(encode: Encode, texts: readonly string[], ctx: JobContext): Promise<number[][]> {
  const ids: number[][] = [];
  for (const text of texts) {
    if (ids.length % ENCODE_SLICE === 0) await ctx.checkpoint();
    ids.push(encode(text));
  }
  return ids;
}

/** Unit vectors of all rows, in the order of `ids`; progress counts texts. */
async function embedIds(run: Session['run'], ids: readonly (readonly number[])[], ctx: JobContext): Promise<Matrix> {
  const out = createMatrix(ids.length, DIMENSIONS);
  const lengths = ids.map((row) => row.length);
  let done = 0;
  ctx.progress(0, ids.length);
  for (const batch of planBatches(lengths, TOKEN_BUDGET)) {
    await ctx.checkpoint();
    const vectors = await run(batch.map((row) => ids[row] as readonly number[]));
    batch.forEach((row, i) => {
      out.data.set(rowOf(vectors, i), row * DIMENSIONS);
    });
    done += batch.length;
    ctx.progress(done, ids.length);
  }
  return normaliseRows(out);
}

const infoOf = ({ choice, golden }: Ready, notes: readonly string[]): ModelInfo => ({
  kind: 'semantic',
  workers: 1,
  threads: 1,
  sha256: '',
  trials: [],
  advice: null,
  id: MODEL_ID,
  name: 'Universal Sentence Encoder Lite',
  dtype: choice.dtype,
  device: choice.device,
  dims: DIMENSIONS,
  languages: ['en'],
  golden: { reference: 'the published vectors', mean: golden.mean, min: golden.min, least: GOLDEN_COSINE },
  notes: [...notes],
});

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
