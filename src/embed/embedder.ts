import {
  abilityError,
  createMatrix,
  isCancelled,
  type JobContext,
  type Matrix,
  type ModelInfo,
  normaliseRows,
  rowOf,
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
  /** Tried in this order. */
  readonly choices: readonly Choice[];
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
const GATE_TIMEOUT_MS = 60_000;

interface Ready {
  readonly choice: Choice;
  readonly session: Session;
  readonly golden: GateResult;
}

/** An embedder over the first choice that passes the golden gate. @throws AppError ability if none does. */
export async function assembleEmbedder(parts: EmbedderParts, gateTimeoutMs = GATE_TIMEOUT_MS): Promise<TextEmbedder> {
  const notes = [...parts.notes];
  const remaining = [...parts.choices];
  const openNext = (): Promise<Ready> => openFirstSound(parts.open, remaining, notes, gateTimeoutMs);
  let ready = await openNext();

  /** Work on the current choice; if that breaks down, all of it anew on the next one, so that one choice makes all rows. */
  const embed = async (texts: readonly string[], ctx: JobContext): Promise<Matrix> => {
    const ids = await encodeAll(parts.encode, texts, ctx);
    for (;;) {
      try {
        return await embedIds(ready.session, ids, ctx);
      } catch (error) {
        if (isCancelled(error)) throw error;
        await ready.session.dispose().catch(() => {});
        notes.push(`${describeChoice(ready.choice)} failed during the work: ${messageOf(error)}`);
        ready = await openNext();
      }
    }
  };
  return {
    describe: () => Promise.resolve(infoOf(ready, notes)),
    embed,
    dispose: () => ready.session.dispose(),
  };
}

/** Takes choices off the list until one opens and passes; says in `notes` why others did not. */
async function openFirstSound(open: OpenSession, remaining: Choice[], notes: string[], gateTimeoutMs: number): Promise<Ready> {
  for (let choice = remaining.shift(); choice; choice = remaining.shift()) {
    try {
      const ready = await withTimeout(openChecked(open, choice), gateTimeoutMs);
      if (ready.golden.passed) return ready;
      notes.push(
        `${describeChoice(choice)} was refused: its vectors are not those of the reference (cosine ${ready.golden.min.toFixed(3)}, at least ${GOLDEN_COSINE} is needed).`,
      );
      await ready.session.dispose();
    } catch (error) {
      notes.push(`${describeChoice(choice)} could not be used: ${messageOf(error)}`);
    }
  }
  throw abilityError(
    'no-embedding-device',
    `The built-in model cannot run here. ${notes.join(' ')}`,
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
async function embedIds(session: Session, ids: readonly (readonly number[])[], ctx: JobContext): Promise<Matrix> {
  const out = createMatrix(ids.length, DIMENSIONS);
  const lengths = ids.map((row) => row.length);
  let done = 0;
  ctx.progress(0, ids.length);
  for (const batch of planBatches(lengths, TOKEN_BUDGET)) {
    await ctx.checkpoint();
    const vectors = await session.run(batch.map((row) => ids[row] as readonly number[]));
    batch.forEach((row, i) => {
      out.data.set(rowOf(vectors, i), row * DIMENSIONS);
    });
    done += batch.length;
    ctx.progress(done, ids.length);
  }
  return normaliseRows(out);
}

const infoOf = ({ choice, golden }: Ready, notes: readonly string[]): ModelInfo => ({
  id: MODEL_ID,
  name: 'Universal Sentence Encoder Lite',
  dtype: choice.dtype,
  device: choice.device,
  dims: DIMENSIONS,
  languages: ['en'],
  golden: { mean: golden.mean, min: golden.min },
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
