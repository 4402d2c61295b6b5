/** A seeded stream of numbers. The same seed gives the same stream on every machine (integer arithmetic only). */
export interface Random {
  /** Uniform in [0, 1), 32 random bits. */
  next(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
}

/** 32-bit hash of a string's UTF-16 code units: FNV-1a, then the finaliser of MurmurHash3. */
export function hashString(text: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** A seed for one purpose of a run, so that adding a purpose does not shift the others' numbers. */
export const deriveSeed = (seed: number, purpose: string): number => hashString(purpose, mix(seed >>> 0));

/** sfc32 (C. Doty-Humphrey, PractRand), seeded through MurmurHash3's finaliser. */
export function createRandom(seed: number): Random {
  let a = mix(seed >>> 0);
  let b = mix((seed ^ 0x9e3779b9) >>> 0);
  let c = mix((seed ^ 0x85ebca6b) >>> 0);
  let counter = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const next = (): number => bits() / 4294967296;
  return { next, int: (n) => Math.floor(next() * n) };
}

/** Fisher-Yates shuffle in place. */
export function shuffle<T extends { length: number; [i: number]: unknown }>(items: T, random: Random): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const swap = items[i];
    items[i] = items[j];
    items[j] = swap;
  }
  return items;
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
