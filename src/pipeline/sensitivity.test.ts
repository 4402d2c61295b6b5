import { describe, expect, test } from 'vitest';
import {
  type AnalysisResult,
  CancelledError,
  createRandom,
  DEFAULT_SETTINGS,
  type Progress,
  type ResultPart,
  type Sensitivity,
  type Settings,
  survivalOf,
  UNTRIED,
} from '../domain/index.ts';
import { group, TOPICS, tryOut, type Visit } from './fakes.fixture.ts';

const QUICK: Partial<Settings> = {
  kMax: 6,
  kStabilityRuns: 0,
  drift: { features: 64, permutations: 0 },
  trust: { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 },
};
const run = (visits: readonly Visit[], settings: Partial<Settings> = {}, trial = {}): Promise<AnalysisResult> =>
  tryOut(visits, { settings: { ...QUICK, ...settings }, ...trial });

/** Three interests of 20, 14 and 12 users; from month 2 on half of the first has an interest of its own. */
const unsplit = (m: number): Visit[] => [...group(0, m, 0, 24), ...group(1, m, 30, 44), ...group(2, m, 50, 62)];
const parted = (m: number): Visit[] => [
  ...group(0, m, 0, 12),
  ...group(3, m, 12, 24),
  ...group(1, m, 30, 44),
  ...group(2, m, 50, 62),
];
const SPLIT = [...unsplit(0), ...unsplit(1), ...parted(2), ...parted(3)];
const namesOf = ({ variants }: Sensitivity): string[] => variants.map(({ name }) => name);

describe('the variants', () => {
  test('by count: k around each window’s own, other seeds, other lengths', async () => {
    const { sensitivity } = await run(SPLIT);
    const k = ['k − 2', 'k − 1', 'k + 1', 'k + 2'];
    const seeds = ['seed 1', 'seed 2', 'seed 3', 'seed 4'];
    expect(namesOf(sensitivity)).toEqual([...k, ...seeds, 'P15D', 'P61D']);
    expect(sensitivity.variants.map((v) => v.group)).toEqual([
      ...k.map(() => 'k'),
      ...seeds.map(() => 'seed'),
      'window',
      'window',
    ]);
  });

  test('by density: eps or the least size, and no seeds, since no chance plays a part', async () => {
    const density = { ...DEFAULT_SETTINGS.density, minClusterSize: 8 };
    const hdbscan = await run(SPLIT, { algorithm: 'hdbscan', density });
    expect(namesOf(hdbscan.sensitivity)).toEqual(['6 users a segment', '12 users a segment', 'P15D', 'P61D']);
    const dbscan = await run(SPLIT, { algorithm: 'dbscan', density: { ...density, eps: 0.5 } });
    expect(namesOf(dbscan.sensitivity)).toEqual(['eps × 0.9', 'eps × 1.1', 'P15D', 'P61D']);
  });

  test('a hierarchy of all profiles has no chance in it either', async () => {
    const { sensitivity } = await run(SPLIT, { algorithm: 'hierarchy', windows: 'P30D' });
    expect(namesOf(sensitivity)).toEqual(['k − 2', 'k − 1', 'k + 1', 'k + 2', 'P15D', 'P60D']);
  });
});

describe('what survives', () => {
  test('a planted split survives other seeds and windows half and twice as long', async () => {
    const { events, sensitivity } = await run(SPLIT);
    const split = events.findIndex(({ kind, window }) => kind === 'split' && window === 2);
    expect(sensitivity.changes).toContain(split);
    expect(survivalOf(sensitivity, split, 'seed')).toEqual({ survived: 4, measured: 4, share: 1 });
    const outcomes = new Map(sensitivity.variants.map((v) => [v.name, v.outcomes?.[sensitivity.changes.indexOf(split)]]));
    expect(outcomes.get('P61D')).toBe('survives');
    expect(outcomes.get('P15D')).toBe('survives');
  });

  test('windows so short that its users are thin in them measure nothing', async () => {
    const busy = SPLIT.map((visit) => ({ ...visit, times: 6 }));
    const { sensitivity } = await run(busy, { minEvents: 6 });
    expect(sensitivity.variants.find(({ name }) => name === 'P15D')?.outcomes).toEqual(
      sensitivity.changes.map(() => 'unmeasured'),
    );
    expect(sensitivity.changes.length).toBeGreaterThan(0);
  });

  test('a fixed k: what is planted survives other seeds, and other k are fitted for the purpose', async () => {
    const then = (m: number): Visit[] => [
      ...[...group(0, m, 0, 12), ...group(3, m, 12, 24)],
      ...[...group(1, m, 30, 44), ...group(1, m, 50, 62)],
    ];
    const { events, sensitivity } = await run([...unsplit(0), ...unsplit(1), ...then(2), ...then(3)], { k: 3 });
    expect(sensitivity.changes.map((i) => events[i]?.kind)).toEqual(['split', 'merge']);
    for (const event of sensitivity.changes) {
      expect(survivalOf(sensitivity, event, 'seed')?.share).toBe(1);
      // One segment is no segmentation, so that k - 2 is not made.
      expect(survivalOf(sensitivity, event, 'k')?.measured).toBe(3);
    }
  });

  test('what is told where there are no segments seldom survives other seeds', async () => {
    const random = createRandom(5);
    const noise = [0, 1, 2, 3].flatMap((month) =>
      Array.from({ length: 80 }, (_, u) => u).flatMap((u) =>
        Array.from({ length: 4 }, () => group(random.int(TOPICS.length), month, u, u + 1, 1)).flat(),
      ),
    );
    const { sensitivity } = await run(noise, { k: 4, nInit: 1 });
    const shares = sensitivity.changes.map((event) => survivalOf(sensitivity, event, 'seed')?.share ?? 0);
    expect(shares.length).toBeGreaterThan(5);
    expect(shares.reduce((a, b) => a + b, 0) / shares.length).toBeLessThan(0.5);
  });

  test('with fewer segments than two nothing is measured', async () => {
    const old = [...group(0, 0, 0, 30), ...group(1, 0, 30, 40)];
    const fresh = [...group(0, 1, 0, 15), ...group(1, 1, 15, 40)];
    const { events, sensitivity } = await run([...old, ...fresh], { k: 2 });
    expect(sensitivity.changes.map((i) => events[i]?.kind)).toEqual(['split', 'disappear']);
    const fewer = sensitivity.variants.filter(({ name }) => name.startsWith('k −'));
    expect(fewer.flatMap(({ outcomes }) => outcomes ?? [])).toEqual(Array.from({ length: 4 }, () => 'unmeasured'));
  });

  test('P2 a second run is the same', async () => {
    expect((await run(SPLIT)).sensitivity).toEqual((await run(SPLIT)).sensitivity);
  });

  test('the verdicts and everything else are the same with it and without', async () => {
    const { sensitivity: _, settings: a, timings: b, ...rest } = await run(SPLIT);
    const off = await run(SPLIT, { sensitivity: false });
    expect(off).toMatchObject(rest);
    expect(off.sensitivity).toEqual(UNTRIED);
  });
});

describe('nothing is tried', () => {
  test('where nothing changed', async () => {
    expect((await run([...unsplit(0), ...unsplit(1)])).sensitivity).toEqual(UNTRIED);
  });

  test('where there is one window only', async () => {
    expect((await run(unsplit(0))).sensitivity).toEqual(UNTRIED);
  });

  test('where there is no segment', async () => {
    const density = { ...DEFAULT_SETTINGS.density, eps: 1e-4, minPts: 40 };
    const { segments, sensitivity } = await run(SPLIT, { algorithm: 'dbscan', density });
    expect([segments, sensitivity]).toEqual([[], UNTRIED]);
  });
});

describe('P7 while it is measured', () => {
  test('each variant is told as it is made', async () => {
    const told: Sensitivity[] = [];
    const onPart = (part: ResultPart) => void (part.kind === 'sensitivity' && told.push(part.sensitivity));
    const { sensitivity } = await run(SPLIT, {}, { tools: { onPart } });
    const made = told.map(({ variants }) => variants.filter(({ outcomes }) => outcomes !== null).length);
    expect(made).toEqual(Array.from({ length: sensitivity.variants.length + 1 }, (_, i) => i));
    expect(told.at(-1)).toEqual(sensitivity);
  });

  test('all of trust is told before, so that stopping it takes nothing from trust', async () => {
    const parts: ResultPart[] = [];
    const trust = { ...DEFAULT_SETTINGS.trust, refits: 7, bootstraps: 2 };
    const busy = SPLIT.map((visit) => ({ ...visit, times: 6 }));
    const result = await run(busy, { trust }, { tools: { onPart: (part: ResultPart) => parts.push(part) } });
    const before = parts.slice(
      0,
      parts.findIndex(({ kind }) => kind === 'sensitivity'),
    );
    expect(before.findLast((part) => part.kind === 'trust')).toEqual({ kind: 'trust', trust: result.trust });
    expect(result.trust.falseEventRate.refits).toBe(7);
  });

  test('cancel is heard in its middle', async () => {
    const abort = new AbortController();
    const heard: Progress[] = [];
    const onProgress = (p: Progress): void => {
      heard.push(p);
      if (p.stage === 'sensitivity' && p.done > 0.5) abort.abort();
    };
    await expect(run(SPLIT, {}, { onProgress, signal: abort.signal })).rejects.toThrow(CancelledError);
    expect(heard.at(-1)?.done).toBeLessThan(1);
  });
});
