import { expect, test, vi } from 'vitest';
import { DEFAULT_INTAKE, DEFAULT_SETTINGS, MANIFEST_VERSION, type RunManifest, type UnfinishedRun } from '../domain/index.ts';
import { createUnfinishedRuns, type UnfinishedPlace, type UnfinishedRuns } from './unfinished.ts';

const recipe = (name: string): RunManifest => ({
  manifest: MANIFEST_VERSION,
  app: '1',
  files: [{ name, sha256: `sha-${name}` }],
  mapping: { user: 'u' } as RunManifest['mapping'],
  intake: DEFAULT_INTAKE,
  settings: DEFAULT_SETTINGS,
  model: { id: 'auto', dtype: 'auto', device: 'auto', sha256: '' },
  compute: { device: '', adapter: '' },
});
const state = (name: string, embedded = 0.5) => ({ embedded, sample: false, recipe: recipe(name) });

/** What a browser keeps for an origin, and the tabs that share it. */
function browser() {
  const items = new Map<string, string>();
  const storage: NonNullable<UnfinishedPlace['storage']> = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    key: (i) => [...items.keys()][i] ?? null,
    get length() {
      return items.size;
    },
  };
  const held = new Map<string, { readonly tab: number; readonly free: () => void; readonly freed: Promise<void> }>();
  const locksOf = (tab: number): NonNullable<UnfinishedPlace['locks']> => ({
    async request(name: string, options: unknown, work?: (lock: null) => unknown) {
      const act = (work ?? options) as () => Promise<unknown>;
      const signal = work ? (options as LockOptions).signal : undefined;
      const late = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      late.catch(() => undefined);
      while (held.has(name)) await Promise.race([held.get(name)?.freed, late]);
      let free = (): void => {};
      const freed = new Promise<void>((resolve) => {
        free = () => {
          held.delete(name);
          resolve();
        };
      });
      held.set(name, { tab, free, freed });
      return act().finally(free);
    },
  });
  /** As a reload or the end of a tab gives back its locks. */
  const endTab = (tab: number): void => {
    for (const lock of [...held.values()]) if (lock.tab === tab) lock.free();
  };
  const parse = (text: string): RunManifest => JSON.parse(text) as RunManifest;
  const open = (tab: number, check = parse) => createUnfinishedRuns({ storage, locks: locksOf(tab) }, check, 20);
  return { items, open, endTab, storage };
}

/** The last that is told of; null where nothing is. */
async function foundBy(runs: UnfinishedRuns): Promise<UnfinishedRun | null> {
  let found: UnfinishedRun | null = null;
  await runs.discover((run) => {
    found = run;
  });
  return found;
}

test('a run that ended with its page is found at the next start, as it was written down last', async () => {
  const { open, endTab } = browser();
  const record = open(1).begin();
  record.save(state('a.csv', 0.1));
  record.save(state('a.csv', 0.4));
  endTab(1);
  expect(await foundBy(open(2))).toMatchObject({ embedded: 0.4, sample: false, recipe: recipe('a.csv') });
});

test('a run that is over leaves nothing, and what comes late is not written', async () => {
  const { open, items } = browser();
  const record = open(1).begin();
  record.save(state('a.csv'));
  record.end();
  record.save(state('a.csv'));
  record.end();
  expect(items.size).toBe(0);
  expect(await foundBy(open(2))).toBeNull();
});

test('a run that goes on in another tab is no interrupted one, and stays written down', async () => {
  const { open, endTab, items } = browser();
  open(1).begin().save(state('a.csv'));
  expect(await foundBy(open(2))).toBeNull();
  expect(items.size).toBe(1);
  endTab(1);
  expect(await foundBy(open(2))).toMatchObject({ recipe: recipe('a.csv') });
});

test('locks that are given back a moment after the reload are waited for', async () => {
  const { open, endTab } = browser();
  open(1).begin().save(state('a.csv'));
  setTimeout(() => endTab(1), 5);
  expect(await foundBy(open(2))).toMatchObject({ recipe: recipe('a.csv') });
});

test('of several the newest is found; one that is forgotten is not found again', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { open, endTab } = browser();
  for (const [i, name] of ['a.csv', 'b.csv'].entries()) {
    vi.setSystemTime(1000 + i);
    open(1).begin().save(state(name));
  }
  vi.useRealTimers();
  endTab(1);
  const runs = open(2);
  const newest = await foundBy(runs);
  expect(newest).toMatchObject({ at: 1001, recipe: recipe('b.csv') });
  if (newest) runs.forget(newest);
  expect(await foundBy(runs)).toMatchObject({ at: 1000, recipe: recipe('a.csv') });
});

test('a run that goes on under its former id takes the place of its record', async () => {
  const { open, endTab, items } = browser();
  open(1).begin().save(state('a.csv', 0.2));
  endTab(1);
  const former = await foundBy(open(2));
  const record = open(2).begin(former?.id);
  record.save(state('a.csv', 0.7));
  expect(items.size).toBe(1);
  record.end();
  expect(items.size).toBe(0);
});

test.each([
  ['no JSON', (_: string) => '{'],
  ['another form', (_: string) => '7'],
])('a record of %s is dropped in silence: it is no use to anyone', async (_, spoil) => {
  const { open, endTab, items } = browser();
  open(1).begin().save(state('a.csv'));
  endTab(1);
  for (const [key, value] of items) items.set(key, spoil(value));
  expect(await foundBy(open(2))).toBeNull();
  expect(items.size).toBe(0);
});

test('a recipe that this version can’t read is dropped', async () => {
  const { open, endTab, items } = browser();
  open(1).begin().save(state('a.csv'));
  endTab(1);
  const refusing = open(2, () => {
    throw new Error('an unknown setting');
  });
  expect(await foundBy(refusing)).toBeNull();
  expect(items.size).toBe(0);
});

test('without storage, without locks, or with a full storage nothing fails', async () => {
  const nowhere = createUnfinishedRuns({ storage: null, locks: null }, JSON.parse);
  nowhere.begin().save(state('a.csv'));
  expect(await foundBy(nowhere)).toBeNull();
  const { storage } = browser();
  const full = {
    ...storage,
    length: 0,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  };
  createUnfinishedRuns({ storage: full, locks: null }, JSON.parse).begin().save(state('a.csv'));
  const lockless = createUnfinishedRuns({ storage, locks: null }, JSON.parse);
  lockless.begin().save(state('b.csv'));
  expect(await foundBy(lockless)).toMatchObject({ recipe: recipe('b.csv') });
});
