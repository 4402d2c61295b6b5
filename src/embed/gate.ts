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
  /**
   * A vector depends on what else is in its batch: such a file scales numbers by the largest of the batch (`DynamicQuantizeLinear` of the usual
   * q8). Then a text must go alone, or the same text would have several vectors (promise P2).
   */
  readonly alone: boolean;
}

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
    alone: !company.same,
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

/** Whether sentences come out the same to the bit beside others of their length, and the lowest cosine to them alone. */
async function inCompany(run: Session['run'], sentences: readonly (readonly number[])[], alone: readonly Float32Array[]) {
  let same = true;
  let lowest = 1;
  for (const i of longest(sentences, COMPANIES)) {
    const sentence = sentences[i] ?? [];
    const other = ofLength(sentences[(i + 1) % sentences.length] ?? [], sentence.length);
    const vector = await unitVector(run, [other, sentence, other], 1);
    same &&= vector.every((value, c) => value === alone[i]?.[c]);
    lowest = Math.min(lowest, cosine(vector, alone[i] ?? []));
  }
  return { same, cosine: lowest };
}

/** Two: on an emulated adapter a sentence takes half a second. */
const COMPANIES = 2;

const longest = (sentences: readonly (readonly number[])[], count: number): number[] =>
  Array.from(sentences, (ids, i) => ({ i, length: ids.length }))
    .sort((a, b) => b.length - a.length || a.i - b.i)
    .slice(0, count)
    .map(({ i }) => i);

const ofLength = (ids: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, i) => ids[i % ids.length] as number);

async function unitVector(run: Session['run'], batch: readonly (readonly number[])[], row: number): Promise<Float32Array> {
  return rowOf(normaliseRows(await run(batch)), row).slice();
}

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
