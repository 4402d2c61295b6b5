import { createRandom, type Random } from '../../domain/index.ts';
import { LEXICAL_DIMS } from './card.ts';

/** Components that a feature adds to. Each lies in a block of its own, so that no two of a feature's fall together. */
const SPREAD = 16;
const BLOCK = LEXICAL_DIMS / SPREAD;
const SEED = 0x6c657869;

/**
 * A sparse Johnson-Lindenstrauss projection (Kane and Nelson 2014, block construction): a feature adds its weight to 16 of 512 components with signs
 * of its own. The dot product of two unit vectors is kept with a standard error of about 1 / sqrt(512) = .044.
 */
export class Projection {
  /** Places with signs, of a feature once it was met: place + 1 or minus that. */
  readonly #known = new Map<number, Int16Array>();

  /** Adds `weight` times the feature's column to `out`. */
  add(out: Float64Array, bucket: number, weight: number): void {
    for (const place of this.#column(bucket)) {
      const at = Math.abs(place) - 1;
      out[at] = (out[at] as number) + (place > 0 ? weight : -weight);
    }
  }

  #column(bucket: number): Int16Array {
    const known = this.#known.get(bucket);
    if (known) return known;
    const random = createRandom(SEED + bucket);
    const column = Int16Array.from({ length: SPREAD }, (_, block) => placeIn(block, random));
    this.#known.set(bucket, column);
    return column;
  }
}

function placeIn(block: number, random: Random): number {
  const place = block * BLOCK + random.int(BLOCK) + 1;
  return random.next() < 0.5 ? -place : place;
}
