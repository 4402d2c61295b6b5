import { describe, expect, it } from 'vitest';
import { type AnalysisResult, type Drift, type Movement, NO_TRACK, type Segment } from '../../domain/index.ts';
import { type MatrixCell, matrixView, type Side } from './matrix.ts';
import { cellWords, mmdWords, partsWords, pathWords, pWords, shareWords } from './words.ts';

const DRIFT: Drift = {
  ...{ mmd2: 0.03, p: 0.005, unchanged: 0.01, jensenShannon: 0.12, change: 0.2, commonUsers: 40 },
  shares: { activity: 0.2, composition: 0.9, content: -0.1 },
  tracks: [],
};

/**
 * From track 1 (30 users), 2 (10), none (4) to track 1 (20), 3 (24), none (2); in either window the one with the higher id is larger.
 */
const MOVEMENT: Movement = {
  ...{ window: 1, before: 0, rowPercent: new Float64Array(), drift: DRIFT },
  migration: {
    ...{ from: [NO_TRACK, 1, 2], to: [NO_TRACK, 1, 3] },
    counts: Uint32Array.of(1, 2, 0, 0, 5, 4, 1, 6, 18),
    ...{ fromUsers: Uint32Array.of(4, 10, 30), toUsers: Uint32Array.of(2, 20, 24), dormant: Uint32Array.of(1, 1, 5) },
    ...{ new: Uint32Array.of(0, 7, 0), resurrecting: Uint32Array.of(0, 0, 2) },
  },
  flows: {
    p: new Float64Array(9),
    adjusted: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0.4, 1, Number.NaN, 0.051, 0.05),
    expected: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN, 3.4, 6.1, Number.NaN, 8.9, 12.4),
  },
  net: { segments: [NO_TRACK, 1, 2, 3], between: new Int32Array(16), change: Int32Array.of(-2, 10, -30, 24) },
};

const segment = (window: number, number: number, track: number) => ({ window, number, track }) as Segment;
const RESULT = {
  segments: [segment(0, 0, 2), segment(0, 1, 1), segment(1, 0, 3), segment(1, 1, 1)],
} as unknown as AnalysisResult;

const side = (s: Side): number | string => ('track' in s ? s.track : s.margin);

describe('the migration matrix as it is shown', () => {
  const view = matrixView(RESULT, MOVEMENT);

  it('goes by size, columns along the rows so that who stayed is on the diagonal, no segment and the margins last', () => {
    expect(view.rows.map((row) => side(row.side))).toEqual([2, 1, NO_TRACK, 'new', 'resurrecting']);
    expect(view.columns.map(side)).toEqual([1, 3, NO_TRACK, 'dormant']);
    expect(view.rows.map((row) => row.cells.map(({ users }) => users))).toEqual([
      [6, 18, 1, 5],
      [5, 4, 0, 1],
      [2, 0, 1, 1],
      [7, 0, 0],
      [0, 2, 0],
    ]);
  });

  it('sums equal the users: rows those before, columns those now', () => {
    const before = view.rows.slice(0, 3);
    for (const row of before) expect(row.cells.reduce((sum, { users }) => sum + users, 0)).toBe(row.users);
    expect(before.map(({ users }) => users)).toEqual([30, 10, 4]);
    for (const [y, { users }] of view.now.entries()) {
      expect(view.rows.reduce((sum, row) => sum + (row.cells[y]?.users ?? 0), 0)).toBe(users);
    }
    expect(view.now).toEqual([
      { users: 20, change: 10 },
      { users: 24, change: 24 },
      { users: 2, change: -2 },
    ]);
  });

  it('each row is its own whole', () => {
    expect(view.rows[0]?.cells.map(({ share }) => share)).toEqual([6 / 30, 18 / 30, 1 / 30, 5 / 30]);
    expect(view.rows[3]?.cells.map(({ share }) => share)).toEqual([1, 0, 0]);
    const nobody = { ...MOVEMENT, migration: { ...MOVEMENT.migration, resurrecting: Uint32Array.of(0, 0, 0) } };
    expect(matrixView(RESULT, nobody).rows[4]?.cells.map(({ share }) => share)).toEqual([null, null, null]);
  });

  it('flows up to a corrected p of .05 are marked, none above, and no margin', () => {
    const marked = view.rows.flatMap((row) => row.cells.filter((cell) => cell.marked));
    expect(marked.map((cell) => [side(cell.from), side(cell.to), cell.p])).toEqual([[2, 3, 0.05]]);
  });

  it('every cell is told in a sentence, with what chance would bring where it is a flow', () => {
    const words = (x: number, y: number): string =>
      cellWords(view.rows[x]?.cells[y] as MatrixCell, (track) => ['', 'tea', 'jam', 'figs'][track] ?? '');
    expect(words(0, 1)).toBe('18 users (60 %) went from “jam” to “figs”. Chance would bring 12 (p 0.050).');
    expect(words(1, 0)).toBe('5 users (50 %) stayed in “tea”. Chance would bring 3 (p 0.40).');
    expect(words(2, 0)).toBe('2 users (50 %) went from “No segment” to “tea”.');
    expect(words(0, 3)).toBe('5 users (17 %) of “jam” absent now, or with too few events.');
    expect(words(3, 0)).toBe('7 users, never seen before, in “tea”.');
    expect(words(4, 1)).toBe('2 users, back after an absence, in “figs”.');
  });
});

describe('the way of a user', () => {
  it('tells a segment once for as long as the user stays, and where none held them', () => {
    const at = (window: number, track: number | null) => ({ window, segment: track === null ? null : segment(window, 0, track) });
    const way = [at(0, 1), at(1, 1), at(3, null), at(4, 2), at(5, 1)];
    const words = pathWords(
      way,
      (track) => ['', 'tea', 'jam'][track] ?? '',
      (window) => `w${window}`,
    );
    expect(words).toBe('tea from w0, no segment from w3, jam from w4, tea from w5');
    expect(pathWords([], String, String)).toBe('');
  });
});

describe('drift in words', () => {
  it('is told as more than chance up to p = .05, as noise above, and as not tested without permutations', () => {
    expect(mmdWords(DRIFT, 'May')).toBe(
      'Interests differ from May by more than chance (p 0.005), 3.00 times what chance alone shows.',
    );
    expect(mmdWords({ ...DRIFT, p: 0.05 }, 'May')).toMatch(/more than chance \(p 0\.050\)/);
    expect(mmdWords({ ...DRIFT, p: 0.055 }, 'May')).toMatch(/^No more drift since May .* \(p 0\.055\)\. .* noise/);
    expect(mmdWords({ ...DRIFT, p: null, unchanged: null }, 'May')).toMatch(/^Not tested/);
  });

  it('names the largest part, and what worked against it', () => {
    const words = partsWords(DRIFT);
    expect(words).toBe(
      'Most of the change comes from users who changed segment (90 %). Segments that look at other things worked against it.',
    );
    expect(partsWords({ ...DRIFT, shares: { activity: 1, composition: 0, content: 0 } })).not.toContain('against');
    expect(partsWords({ ...DRIFT, shares: { activity: 0.5, composition: 0.2, content: 0.3 } })).toMatch(
      /^The largest part .* came or went \(50 %\)/,
    );
    expect(partsWords({ ...DRIFT, p: 0.3 })).toMatch(/chance, and tells nothing/);
    expect(partsWords({ ...DRIFT, shares: null })).toMatch(/did not change/);
    expect(partsWords({ ...DRIFT, commonUsers: 0 })).toMatch(/^No user is in both/);
  });

  it('what is not known is no number, and a small p is not rounded to nothing', () => {
    expect(shareWords(null)).toBe('Not known.');
    expect(shareWords(0.123)).toContain('0.12 apart');
    expect([0.00001, 0.001, 0.0049, 0.5].map(pWords)).toEqual(['below 0.001', '0.001', '0.005', '0.50']);
  });
});
