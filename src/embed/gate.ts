import { type Dtype, dot, type GoldenCheck, normaliseRows, rowOf } from '../domain/index.ts';
import golden from './golden.json' with { type: 'json' };
import type { Session } from './session.ts';

/** What a text must come out as: its ids by the published tokenizer and its vector by the published float32 model. */
export interface GoldenItem {
  readonly sentence: string;
  readonly ids: readonly number[];
  readonly vector: readonly number[];
}

/** Eight of the reference sentences: short and long, digits, quotes, other scripts, none of them empty. */
export const GOLDEN: readonly GoldenItem[] = golden.items;

/** For models without published vectors: the same kinds of sentences, in the scripts that such models know. */
export const CHECK_SENTENCES: readonly string[] = [
  'A cup of coffee.',
  'red wireless headphones with noise cancelling',
  'How do I return an order that arrived broken, and who pays for the postage?',
  'WHITE HANGING HEART T-LIGHT HOLDER 6 x 12 cm',
  '无线降噪蓝牙耳机',
  '抹茶のケーキを二つください',
  'Zapatos de cuero para niños',
  'Die Bibliothek ist am Montag geschlossen.',
];

/** What the vectors of a choice are compared with. */
export interface Reference {
  /** In the user's words. */
  readonly what: string;
  readonly items: readonly { readonly ids: readonly number[]; readonly vector: ArrayLike<number> }[];
}

/** What the check of a choice found. */
export interface Verdict {
  readonly golden: GoldenCheck;
  /** In the user's words; null where the choice passed. */
  readonly refused: string | null;
  readonly dims: number;
  readonly company: Company;
}

/**
 * What else may be in a batch, so that a text has one vector and no other (promise P2):
 * - 'any': the bits of a vector do not depend on its batch;
 * - 'shape': they depend on how many rows of how many tokens it has, as on WebGPU, where the shape decides the kernel: then all batches of a length
 *   are filled up to the same number of rows;
 * - 'alone': they depend on the other texts, since numbers are scaled by the largest of the batch (`DynamicQuantizeLinear` of the usual q8).
 */
export type Company = 'any' | 'shape' | 'alone';

/** Rounding to 8 bits costs about .001 and a wrong kernel gave .74; four bits cost more. */
export const leastCosine = (dtype: Dtype): number => (dtype === 'q4' ? 0.95 : 0.99);

/**
 * Embeds sentences and compares; without a reference it asks that vectors are numbers, not zero, and alone as in a batch.
 * @param ids of sentences to embed where there is no reference
 * @throws whatever the session throws
 */
export async function checkGolden(
  { run }: Pick<Session, 'run'>,
  dtype: Dtype,
  reference: Reference | null,
  ids: readonly (readonly number[])[] = [],
): Promise<Verdict> {
  const sentences = reference ? reference.items.map((item) => item.ids) : ids;
  const found: Float32Array[] = [];
  for (const sentence of sentences) found.push(await unitVector(run, [sentence], 0));
  const company = await inCompany(run, sentences, found);
  const least = leastCosine(dtype);
  const cosines = reference?.items.map(({ vector }, i) => cosine(found[i] ?? [], vector)) ?? null;
  const told = {
    reference: reference?.what ?? null,
    mean: cosines && cosines.reduce((sum, c) => sum + c, 0) / cosines.length,
    min: cosines && Math.min(...cosines),
    least,
  };
  return {
    golden: told,
    refused: whyRefused(told, found, company.cosine),
    dims: found[0]?.length ?? 0,
    company: company.allowed,
  };
}

function whyRefused({ min, least }: GoldenCheck, found: readonly Float32Array[], company: number): string | null {
  if (found.some((vector) => !(Math.abs(dot(vector, vector) - 1) < 1e-3))) return 'its vectors are no numbers, or zero';
  // NaN compares false, so vectors of NaN are refused.
  if (min !== null && !(min >= least)) {
    return `its vectors are not those of the reference (cosine ${min.toFixed(3)}, at least ${least} is needed)`;
  }
  if (!(company >= least)) {
    return `a text has another vector in a batch than alone (cosine ${company.toFixed(3)}, at least ${least} is needed)`;
  }
  return null;
}

/** How sentences come out beside others of their length, and the lowest cosine to them alone. */
async function inCompany(run: Session['run'], sentences: readonly (readonly number[])[], alone: readonly Float32Array[]) {
  let allowed: Company = 'any';
  let lowest = 1;
  for (const i of ofMiddleLength(sentences, COMPANIES)) {
    const sentence = sentences[i] ?? [];
    const [a, b] = [1, 2].map((step) => ofLength(sentences[(i + step) % sentences.length] ?? [], sentence.length));
    if (!a || !b) continue;
    const vector = await unitVector(run, [a, sentence, a], 1);
    lowest = Math.min(lowest, cosine(vector, alone[i] ?? []));
    if (allowed === 'any' && !sameBits(vector, alone[i])) allowed = 'shape';
    // In another place, beside others.
    if (allowed === 'shape' && !sameBits(vector, await unitVector(run, [sentence, b, b], 0))) allowed = 'alone';
  }
  return { allowed, cosine: lowest };
}

const sameBits = (a: Float32Array, b: Float32Array | undefined): boolean => a.every((value, i) => value === b?.[i]);

/** Two: on an emulated adapter a sentence takes half a second. */
const COMPANIES = 2;

/** Long ones would take an emulated adapter a minute; one of a single token has nothing to mix up. */
const ofMiddleLength = (sentences: readonly (readonly number[])[], count: number): number[] =>
  Array.from(sentences, (ids, i) => ({ i, length: ids.length }))
    .sort((a, b) => a.length - b.length || a.i - b.i)
    .slice(Math.max(0, (sentences.length - count) >> 1))
    .slice(0, count)
    .map(({ i }) => i);

const ofLength = (ids: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, i) => ids[i % ids.length] as number);

async function unitVector(run: Session['run'], batch: readonly (readonly number[])[], row: number): Promise<Float32Array> {
  return rowOf(normaliseRows(await run(batch)), row).slice();
}

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
