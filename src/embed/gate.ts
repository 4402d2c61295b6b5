import { dot, normaliseRows, rowOf } from '../domain/index.ts';
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

/** Below this a model x dtype x device is refused. int8 rounding costs about .001; a wrong kernel gave .74. */
export const GOLDEN_COSINE = 0.99;

export interface GateResult {
  readonly passed: boolean;
  /** Cosine to the reference, over the golden sentences; NaN if the vectors were not numbers. */
  readonly mean: number;
  readonly min: number;
}

/** Embeds the golden sentences from their ids and compares. Rejects only if the session does. */
export async function checkGolden(session: Session, items: readonly GoldenItem[] = GOLDEN): Promise<GateResult> {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  for (const { ids, vector } of items) {
    const found = rowOf(normaliseRows(await session.run([ids])), 0);
    const cosine = dot(found, vector) / Math.sqrt(dot(vector, vector));
    sum += cosine;
    min = Math.min(min, cosine);
  }
  // NaN compares false, so vectors of NaN are refused.
  return { passed: min >= GOLDEN_COSINE, mean: sum / items.length, min };
}
