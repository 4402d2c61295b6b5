/** Tells how far the embedding is and how fast it goes, for the user. */
export interface Pace {
  /** @param texts @param tokens that went through the model since the start */
  note(texts: number, tokens: number): string;
  /** The work was held back for so many milliseconds, which count in no rate. */
  held(ms: number): void;
}

/** Rates are those of the last seconds: further workers join when they are loaded, and other work on the machine comes and goes. */
const WINDOW_MS = 4000;
/** Before this a rate is the luck of a batch or two. */
const LEAST_MS = 500;

interface Sample {
  at: number;
  readonly texts: number;
  readonly tokens: number;
}

/**
 * @param total texts in all
 * @param cached those of them that had their vector already: they count as done, and in no rate
 */
export function createPace(total: number, cached = 0, now: () => number = () => performance.now()): Pace {
  const samples: Sample[] = [{ at: now(), texts: 0, tokens: 0 }];
  return {
    note(texts, tokens) {
      const last: Sample = { at: now(), texts, tokens };
      samples.push(last);
      while (samples.length > 2 && last.at - (samples[1] as Sample).at >= WINDOW_MS) samples.shift();
      const [first] = samples as [Sample];
      const ms = last.at - first.at;
      const parts = [`${count(cached + texts)} of ${count(total)} texts`];
      if (ms >= LEAST_MS && texts > first.texts) {
        parts.push(`${rate(texts - first.texts, ms)} texts/s`, `${rate(tokens - first.tokens, ms)} tokens/s`);
      }
      return parts.join(' · ');
    },
    held(ms) {
      for (const sample of samples) sample.at += ms;
    },
  };
}

const count = (n: number): string => n.toLocaleString('en');

/** Two digits are steady enough to be read. */
const rate = (units: number, ms: number): string => count(Number(((1000 * units) / ms).toPrecision(2)));
