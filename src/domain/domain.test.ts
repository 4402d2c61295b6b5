import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AppError,
  CancelledError,
  compareCodePoints,
  compareFiles,
  createContext,
  createMatrix,
  DEFAULT_SETTINGS,
  deriveSeed,
  duplicateFiles,
  inputError,
  isCancelled,
  isWindowSpec,
  normaliseRows,
  type RunManifest,
  rowOf,
  SETTING_BOUNDS,
  type Settings,
  settingProblems,
  takeRows,
  toAppError,
} from './index.ts';

test('P2 texts sort by code points, as UTF-8 bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
  expect(compareCodePoints('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
});

test('a seed for one purpose is not the seed for another', () => {
  const seeds = ['map', 'k-means', 'sample'].flatMap((purpose) => [deriveSeed(1, purpose), deriveSeed(2, purpose)]);
  expect(new Set(seeds).size).toBe(seeds.length);
});

test('rows are taken in the order asked and normalised to unit length; a zero row stays zero', () => {
  const m = createMatrix(3, 2);
  m.data.set([3, 4, 0, 0, 5, 12]);
  const taken = normaliseRows(takeRows(m, [2, 1, 0]));
  expect([...rowOf(taken, 0)].map((v) => v.toFixed(4))).toEqual(['0.3846', '0.9231']);
  expect([...rowOf(taken, 1)]).toEqual([0, 0]);
  expect(m.data[0]).toBe(3);
});

test('P7 a checkpoint lets messages in once its slice is used up, and stops a cancelled job', async () => {
  const controller = new AbortController();
  const ctx = createContext('read', () => {}, controller.signal, 0);
  let heard = false;
  setTimeout(() => {
    heard = true;
  }, 0);
  for (let i = 0; i < 50 && !heard; i++) await ctx.checkpoint();
  expect(heard).toBe(true);
  controller.abort();
  await expect(ctx.checkpoint()).rejects.toThrow(CancelledError);
});

test('errors: ours come back as they were, others count as our mistake, with their cause', () => {
  const ours = inputError('code', 'What was found.', 'What to do.', new Error('why'));
  expect(toAppError(ours)).toBe(ours);
  expect(AppError.fromData(ours.toData())).toMatchObject({ kind: 'input', code: 'code', hint: 'What to do.' });
  expect(toAppError(new TypeError('oops'))).toMatchObject({ kind: 'bug', detail: expect.stringContaining('TypeError: oops') });
  expect(isCancelled(new CancelledError())).toBe(true);
  expect(isCancelled(ours)).toBe(false);
});

test.each([
  ['month', true],
  ['P7D', true],
  ['PT12H', true],
  ['P28D/P7D', true],
  ['P1D/PT6H', true],
  ['PT26H/P1D', true],
  ['P0D', false],
  ['P1234567D', false],
  ['P1D/P7D', false],
  ['PT24H/P1D', false],
  ['P1D/PT24H', false],
  ['fortnight', false],
  ['month/P7D', false],
  ['P7D/month', false],
])('window spec %s: %s', (spec, valid) => {
  expect(isWindowSpec(spec)).toBe(valid);
});

describe('settings', () => {
  const problems = (other: Partial<Settings>): string[] => settingProblems({ ...DEFAULT_SETTINGS, ...other }).map((p) => p.path);
  const { layout, matching, density, trust, drift, change, levels, membership } = DEFAULT_SETTINGS;

  test('every number has its bounds, and the defaults keep them', () => {
    const groups = { layout, matching, trust, drift, change, membership };
    const numbers = Object.entries(DEFAULT_SETTINGS)
      .filter(([, v]) => typeof v === 'number')
      .map(([key]) => key);
    const inGroups = Object.entries(groups).flatMap(([group, of]) => Object.keys(of).map((key) => `${group}.${key}`));
    const ofDensity = Object.keys(density).flatMap((key) => (key === 'selection' ? [] : `density.${key}`));
    expect(Object.keys(SETTING_BOUNDS).sort()).toEqual(
      [...numbers, ...inGroups, ...ofDensity, 'behaviour.weight', 'levels.count', 'k', 'halfLifeDays'].sort(),
    );
    expect(problems({})).toEqual([]);
  });

  test.each<[string, Partial<Settings>]>([
    ['k', { k: 1.5 }],
    ['drift.features', { drift: { ...drift, features: 511 } }],
    ['kTolerance', { kTolerance: -0.1 }],
    ['silhouetteSample', { silhouetteSample: 0 }],
    ['halfLifeDays', { halfLifeDays: Number.NaN }],
    ['seed', { seed: 0.5 }],
    ['layout.epochs', { layout: { ...layout, epochs: 0 } }],
    ['layout.maxFit', { layout: { ...layout, maxFit: 99.5 } }],
    ['layout.minDist', { layout: { ...layout, minDist: 2 } }],
    ['layout.alignment', { layout: { ...layout, alignment: 1.1 } }],
    ['matching.splitShare', { matching: { ...matching, splitShare: 1.1 } }],
    ['matching.minCommonUsers', { matching: { ...matching, minCommonUsers: Number.POSITIVE_INFINITY } }],
    ['kMax', { kMin: 9, kMax: 3 }],
    ['levels.count', { levels: { ...levels, count: 5 } }],
    ['levels.cuts', { levels: { ...levels, cuts: [3, 3] } }],
    ['levels.cuts', { levels: { ...levels, cuts: [1, 2, 3, 4, 5] } }],
    ['levels.cuts', { levels: { ...levels, cuts: [0.9, 0.5] } }],
    ['levels.cuts', { levels: { ...levels, cut: 'height', cuts: [0.2, 0.5] } }],
    ['membership.temperature', { membership: { ...membership, temperature: 0 } }],
    ['typeWeights', { typeWeights: { buy: -1 } }],
  ])('%s out of bounds is told by its path', (path, change) => expect(problems(change)).toEqual([path]));

  test('cuts of the levels go from coarse to fine', () => {
    expect(problems({ levels: { ...levels, cuts: [2, 5, 12] } })).toEqual([]);
    expect(problems({ levels: { ...levels, cut: 'height', cuts: [0.7, 0.2] } })).toEqual([]);
  });
});

describe('files against a manifest', () => {
  const file = (name: string, sha256: string) => ({ name, sha256 });
  const manifest = { files: [file('a.csv', 'A'), file('b.csv', 'B')] } as unknown as RunManifest;

  test('compared by content, not by name or order', () => {
    const same = { same: true, changed: [], missing: [], extra: [] };
    expect(compareFiles(manifest, [file('renamed.csv', 'B'), file('a.csv', 'A')])).toEqual(same);
    const changed = { same: false, changed: ['a.csv'], missing: ['b.csv'], extra: ['c.csv'] };
    expect(compareFiles(manifest, [file('a.csv', 'X'), file('c.csv', 'C')])).toEqual(changed);
  });

  test('a file that is there twice is one too many, or one too few', () => {
    const [a, b] = manifest.files as [RunManifest['files'][number], RunManifest['files'][number]];
    expect(compareFiles(manifest, [a, b, file('copy.csv', 'B')])).toMatchObject({
      same: false,
      missing: [],
      extra: ['copy.csv'],
    });
    expect(compareFiles({ ...manifest, files: [a, a] }, [a])).toMatchObject({ same: false, missing: ['a.csv'], extra: [] });
    expect(compareFiles({ ...manifest, files: [a, a] }, [a, a]).same).toBe(true);
  });

  test('the same content under two names is a duplicate', () => {
    expect(duplicateFiles([file('a', 'A'), file('b', 'B'), file('c', 'A')])).toEqual([['a', 'c']]);
    expect(duplicateFiles(manifest.files)).toEqual([]);
  });
});
