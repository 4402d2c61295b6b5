import type { RunManifest, UnfinishedRun } from '../domain/index.ts';

/** The record of one run that goes on. */
export interface RunRecord {
  save(run: Omit<UnfinishedRun, 'id' | 'at'>): void;
  /** The run is over: there is nothing to go on with. May be called twice. */
  end(): void;
}

/** Writes down what a run is made of while it goes on, and finds what ended with its page. */
export interface UnfinishedRuns {
  /** Of a new run, or of one that goes on under its former id. */
  begin(id?: string): RunRecord;
  /**
   * Tells of runs that were interrupted, and of each better one that is found after: the newest counts. Those of other tabs that go on are none. A busy
   * page that is reloaded may take seconds to end, and its run counts from then on. Resolves when nothing more is to be expected.
   */
  discover(tell: (run: UnfinishedRun) => void): Promise<void>;
  forget(run: UnfinishedRun): void;
}

/** What is needed of the browser. */
export interface UnfinishedPlace {
  /** Null where the browser keeps nothing: then nothing is written down. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'> | null;
  /** A run holds the lock of its record until its page is gone. Null where there are none (http, but for localhost): then nobody is waited for. */
  readonly locks: Pick<LockManager, 'request'> | null;
}

const PREFIX = 'murmuration.unfinished.';
/** The page before a reload gives its locks back when its workers have ended, which took more than two seconds on a busy machine. */
const PATIENCE_MS = 20_000;

/** @param parse checks a recipe that may be of another version of the app; throws where it can't be used */
export function createUnfinishedRuns(
  { storage, locks }: UnfinishedPlace,
  parse: (text: string) => RunManifest,
  patienceMs = PATIENCE_MS,
): UnfinishedRuns {
  const remove = (id: string): void => quietly(() => storage?.removeItem(PREFIX + id), undefined);
  const read = (id: string): UnfinishedRun | null =>
    quietly(() => {
      const { at, embedded, sample, recipe } = JSON.parse(storage?.getItem(PREFIX + id) ?? '') as UnfinishedRun;
      return { id, at, embedded, sample, recipe: parse(JSON.stringify(recipe)) };
    }, null);

  return {
    begin(id = newId()) {
      let over = false;
      let release = (): void => {};
      const ended = new Promise<void>((resolve) => {
        release = resolve;
      });
      void locks?.request(PREFIX + id, () => ended).catch(() => undefined);
      return {
        save(run) {
          if (!over) quietly(() => storage?.setItem(PREFIX + id, JSON.stringify({ ...run, at: Date.now() })), undefined);
        },
        end() {
          over = true;
          remove(id);
          release();
        },
      };
    },
    async discover(tell) {
      let newest = Number.NEGATIVE_INFINITY;
      const look = async (id: string): Promise<void> => {
        if (!(await isFree(PREFIX + id, locks, patienceMs))) return;
        const run = read(id);
        if (run === null) return remove(id);
        if (run.at <= newest) return;
        newest = run.at;
        tell(run);
      };
      await Promise.all(idsIn(storage).map(look));
    },
    forget: ({ id }) => remove(id),
  };
}

/** The browser's own; asking for its storage may throw where it is forbidden. */
export const browserPlace = (): UnfinishedPlace => ({
  storage: quietly(() => window.localStorage, null),
  locks: (navigator.locks as LockManager | undefined) ?? null,
});

const newId = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

function idsIn(storage: UnfinishedPlace['storage']): string[] {
  const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? '');
  return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
}

/** Nobody holds the lock, or not for longer than `ms`. */
async function isFree(name: string, locks: UnfinishedPlace['locks'], ms: number): Promise<boolean> {
  if (locks === null) return true;
  return locks.request(name, { signal: AbortSignal.timeout(ms) }, async () => true).catch(() => false);
}

/** A full or forbidden storage costs the offer to go on, and nothing else. */
function quietly<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
