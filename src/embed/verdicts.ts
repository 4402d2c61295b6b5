/** Keeps what the golden check and the trial of a model found, so that each is done once on a machine. */
export interface VerdictStore {
  /** Null where nothing is kept, or it cannot be read. */
  get(key: readonly string[]): Promise<unknown>;
  put(key: readonly string[], value: unknown): Promise<void>;
}

/** For Node and tests: nothing outlives the process. */
export function memoryVerdicts(): VerdictStore {
  const kept = new Map<string, string>();
  return {
    get: async (key) => JSON.parse(kept.get(key.join('\n')) ?? 'null'),
    put: async (key, value) => void kept.set(key.join('\n'), JSON.stringify(value)),
  };
}

const CACHE = 'murmuration-verdicts';

/** In the browser's Cache API, which a worker has too; without it (private mode, no room) every start checks anew. */
export function browserVerdicts(): VerdictStore {
  const urlOf = (key: readonly string[]): string => `/verdicts/${key.map(encodeURIComponent).join('/')}`;
  return {
    async get(key) {
      try {
        const found = await (await caches.open(CACHE)).match(urlOf(key));
        return (await found?.json()) ?? null;
      } catch {
        return null;
      }
    },
    async put(key, value) {
      try {
        await (await caches.open(CACHE)).put(urlOf(key), Response.json(value));
      } catch {
        // The next start checks again, which costs a second or two and nothing else.
      }
    },
  };
}
