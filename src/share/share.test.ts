import { expect, test } from 'vitest';
import {
  type AnalysisResult,
  type Movement,
  NO_MEMBERSHIP,
  NO_TRACK,
  type Sensitivity,
  type TrackEvent,
  type Trust,
  UNMEASURED,
} from '../domain/index.ts';
import { accountingJson, assignmentsCsv, sensitivityTable, tracksJson } from './index.ts';
import { result } from './result.fixture.ts';

test('density: strength and outlier score stand in the assignments, noise and eps beside the windows', () => {
  const of = (...values: number[]): Float32Array => Float32Array.from(values);
  const scores = { strength: of(0.875, Number.NaN), outlier: of(0.25, Number.NaN) };
  const none = { nearest: Int32Array.of(-1, -1), similarity: of(Number.NaN, Number.NaN) };
  const curve = { distance: of(0.5), share: of(1) };
  const windows = [{ window: 0, reach: { eps: 0.5, knee: 0.25, curve }, leftOut: 3, joined: 1 }];
  const dense: AnalysisResult = { ...result, density: { windows, ...none, ...scores } };
  expect(assignmentsCsv(dense).split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/,0\.875,0\.25$/),
    expect.stringMatching(/,3,{7}$/),
  ]);
  const written = (from: AnalysisResult) => JSON.parse(tracksJson(from)).windows[0];
  expect(written(dense)).toMatchObject({ noise: 2, joined: 1, eps: 0.5 });
  expect(written({ ...dense, density: { ...dense.density!, windows: [{ ...windows[0]!, reach: null }] } })).not.toHaveProperty(
    'eps',
  );
  expect(written(result)).not.toHaveProperty('noise');
});

const HEADER = 'user,window_start,segment,track,thin,x,y,primary,share,secondary,secondary_share,entropy,strength,outlier_score';

test('assignments: quoted ids, noise is segment -1 with an empty track, and what has no mixture has empty cells', () => {
  expect(assignmentsCsv(result)).toBe(
    `${HEADER}\n"with ""quotes"", comma",2024-06-01,0,7,0,0.1235,2,,,,,,,\nplain,2024-06-01,-1,,1,-1,3,,,,,,,\n`,
  );
});

test('assignments: primary and secondary interest by their numbers within the window, noise has them too', () => {
  const other = { ...(result.segments[0] as (typeof result.segments)[number]), index: 1, number: 1, track: 8 };
  const membership = {
    ...NO_MEMBERSHIP,
    ...{ primary: Int32Array.of(0, 1), primaryShare: Float32Array.of(0.75, 0.9) },
    ...{
      secondary: Int32Array.of(1, -1),
      secondaryShare: Float32Array.of(0.25, Number.NaN),
      entropy: Float32Array.of(0.8113, 0),
    },
  };
  const lines = assignmentsCsv({ ...result, segments: [...result.segments, other], membership }).split('\n');
  expect(lines[1]?.endsWith(',0.1235,2,0,0.75,1,0.25,0.8113,,')).toBe(true);
  expect(lines[2]).toBe('plain,2024-06-01,-1,,1,-1,3,1,0.9,,,0,,');
});

test('tracks: each level has its groups with their tracks and users by window, each segment the ids of its groups', () => {
  const [one] = result.segments as [(typeof result.segments)[number]];
  const segments = [one, { ...one, index: 1, number: 1, track: 9, size: 4 }, { ...one, index: 2, number: 2, track: 8, size: 2 }];
  const tree = { a: Int32Array.of(0, 1), b: Int32Array.of(2, 3), height: Float64Array.of(1, 4) };
  const names = ['a', 'b', 'c', 'd', 'e'];
  const levels = { tree: { ...tree, names, terms: names.map((name) => [name]) }, cuts: [1, 2] };
  const tracks = JSON.parse(tracksJson({ ...result, segments, levels }));
  expect(tracks.segments.map((s: { levels: number[] }) => s.levels)).toEqual([
    [4, 3],
    [4, 1],
    [4, 3],
  ]);
  expect(tracks.levels).toEqual([
    { level: 1, height: 1.02, groups: [{ id: 4, name: 'e', terms: ['e'], tracks: [7, 8, 9], segments: 3, users: [7] }] },
    {
      ...{ level: 2, height: 0.625 },
      groups: [
        { id: 1, name: 'b', terms: ['b'], tracks: [9], segments: 1, users: [4] },
        { id: 3, name: 'd', terms: ['d'], tracks: [7, 8], segments: 2, users: [3] },
      ],
    },
  ]);
});

test('tracks: windows end on a date of the chosen time zone, and what was not measured is null, never 0', () => {
  const tracks = JSON.parse(tracksJson(result));
  expect(tracks.windows).toEqual([
    { start: '2024-06-01', end: '2024-07-01', profiles: 1, thin: 1, falseEventRate: null, rawEventRate: null },
  ]);
  expect(tracks.segments[0]).toEqual({
    track: 7,
    segment: 0,
    window: '2024-06-01',
    size: 1,
    stability: null,
    levels: [],
    terms: ['tea'],
    exemplars: ['A cup of tea'],
  });
  expect([tracks.falseEventRate, tracks.rawEventRate, tracks.refits]).toEqual([null, null, 0]);
});

test('tracks: each event has its effect, p, stability and verdict, the run its false-event rate', () => {
  const event: TrackEvent = {
    ...{ window: 0, before: 0, kind: 'split', from: [7], to: [7, 8], segments: [0], users: 12, effect: 0.2 },
    ...{ tentative: false, host: null, sizeChange: null, centroidCosine: null, changes: [] },
  };
  const trust: Trust = {
    stability: Float64Array.of(0.9),
    events: [{ p: 0.03, stability: 0.9, verdict: 'stable' }],
    changes: [[]],
    falseChangeRate: { survivors: 300, stable: 0.02, byMeasure: { size: 0, compactness: 0.01, shift: 0.01 } },
    falseEventRate: { refits: 99, raw: 0.1, stable: 0.01, perWindow: [{ raw: 0.2, stable: 0.02 }] },
  };
  const tracks = JSON.parse(tracksJson({ ...result, events: [event], trust }));
  expect(tracks.events[0]).toMatchObject({ kind: 'split', effect: 0.2, p: 0.03, stability: 0.9, verdict: 'stable' });
  expect(tracks.segments[0].stability).toBe(0.9);
  expect(tracks.windows[0]).toMatchObject({ falseEventRate: 0.02, rawEventRate: 0.2 });
  expect([tracks.falseEventRate, tracks.rawEventRate, tracks.refits]).toEqual([0.01, 0.1, 99]);
});

test('tracks: each change has the share of other choices that it survives, of all and by group; a survival has none', () => {
  const event = (kind: TrackEvent['kind']): TrackEvent => ({
    ...{ window: 0, before: 0, kind, from: [7], to: [7], segments: [0], users: 12, effect: 0.2 },
    ...{ tentative: false, host: null, sizeChange: null, centroidCosine: null, changes: [] },
  });
  const sensitivity: Sensitivity = {
    changes: [1],
    variants: [
      { group: 'k', name: 'k − 1', outcomes: ['lost'] },
      { group: 'k', name: 'k + 1', outcomes: ['survives'] },
      { group: 'seed', name: 'seed 1', outcomes: ['survives'] },
      { group: 'window', name: 'P15D', outcomes: ['unmeasured'] },
      { group: 'window', name: 'P61D', outcomes: null },
    ],
  };
  const changed = { ...result, events: [event('survive'), event('merge')], sensitivity };
  const shares = { share: 2 / 3, groups: { k: 0.5, seed: 1, window: null } };
  const [survival, merge] = JSON.parse(tracksJson(changed)).events;
  expect(survival.sensitivity).toBeNull();
  expect(merge.sensitivity).toEqual({
    ...{ ...shares, survived: 2, measured: 3 },
    variants: { 'k − 1': 'lost', 'k + 1': 'survives', 'seed 1': 'survives', P15D: 'unmeasured', P61D: null },
  });
  expect(sensitivityTable(changed)).toEqual([{ window: '2024-06-01', kind: 'merge', from: [7], to: [7], ...shares }]);
  expect(sensitivityTable(result)).toEqual([]);
});

test('tracks: a survival has its changes with interval, p and verdict; other events have none', () => {
  const change = { strength: 4, chance: 0, before: 0.1, after: 0.15, amount: 0.05, low: 0.02, high: 0.08 };
  const moved = { ...change, measure: 'shift', before: null, after: null, chance: 0.002 } as const;
  const survival: TrackEvent = {
    ...{ window: 0, before: 0, kind: 'survive', from: [7], to: [7], segments: [0, 0], users: 12, effect: 0, tentative: false },
    ...{ host: null, sizeChange: 50, centroidCosine: 0.9, changes: [{ ...change, measure: 'size' }, moved] },
  };
  const trust: Trust = {
    ...UNMEASURED,
    events: [{ p: 0.5, stability: 0.9, verdict: 'noise' }],
    changes: [
      [
        { measure: 'size', p: 0.01, verdict: 'stable' },
        { measure: 'shift', p: Number.NaN, verdict: 'tentative' },
      ],
    ],
    falseChangeRate: { survivors: 300, stable: 0.01, byMeasure: { size: 0, compactness: Number.NaN, shift: 0.01 } },
  };
  const tracks = JSON.parse(tracksJson({ ...result, events: [survival], trust }));
  const limits = { amount: 0.05, low: 0.02, high: 0.08 };
  expect(tracks.events[0]).toMatchObject({
    sizeChange: { kind: 'grow', before: 0.1, after: 0.15, ...limits, p: 0.01, verdict: 'stable' },
    compactness: null,
    shift: { kind: 'shift', chance: 0.002, ...limits, p: null, verdict: 'tentative' },
  });
  expect(tracks.falseChangeRate).toEqual({
    survivors: 300,
    stable: 0.01,
    byMeasure: { size: 0, compactness: null, shift: 0.01 },
  });
  const unmeasured = JSON.parse(tracksJson({ ...result, events: [survival, { ...survival, kind: 'split', changes: [] }] }));
  expect(unmeasured.events[0].sizeChange).toEqual({ kind: 'grow', before: 0.1, after: 0.15, ...limits, p: null, verdict: null });
  expect('sizeChange' in unmeasured.events[1]).toBe(false);
});

test('tracks: movement, quality and agreement go by window and track, and what was not measured is null', () => {
  const movement: Movement = {
    ...{ window: 0, before: 0, rowPercent: Float64Array.of(60, 20, 20, 50, 0, 50) },
    migration: {
      ...{ from: [NO_TRACK, 7], to: [NO_TRACK, 7], counts: Uint32Array.of(3, 1, 1, 0) },
      ...{ fromUsers: Uint32Array.of(5, 2), toUsers: Uint32Array.of(4, 2), dormant: Uint32Array.of(1, 1) },
      ...{ new: Uint32Array.of(0, 1), resurrecting: Uint32Array.of(0, 0) },
    },
    flows: {
      p: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 1),
      adjusted: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 1),
      expected: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 0.2),
    },
    net: { segments: [NO_TRACK, 7], between: Int32Array.of(0, 0, 0, 0), change: Int32Array.of(-1, 0) },
    drift: {
      ...{ mmd2: 0.01, p: null, unchanged: null, jensenShannon: 0.1, change: 0, shares: null, commonUsers: 5 },
      tracks: [{ track: NO_TRACK, shareBefore: 0.8, shareAfter: 0.8, composition: null, content: null, shift: null }],
    },
  };
  const figures = { ari: 1, ami: 1, homogeneity: 1, completeness: 1, vMeasure: 1, purity: 1, accuracy: 1, f1: 1 };
  const groups = [{ label: 'tea', segment: null, precision: null, recall: 0, f1: 0, users: 3 }];
  const quality = [{ window: 0, silhouette: null, daviesBouldin: null, calinskiHarabasz: 4, inertia: 2 }];
  const agreement = [{ window: 0, users: 3, ...figures, groups }];
  const tracks = JSON.parse(tracksJson({ ...result, movements: [movement], quality, agreement }));
  const pair = { window: '2024-06-01', before: '2024-06-01' };
  expect(tracks.migration).toEqual([
    {
      ...{ ...pair, from: [null, 7], to: [null, 7], dormant: [1, 1], new: [0, 1], resurrecting: [0, 0] },
      counts: [
        [3, 1],
        [1, 0],
      ],
      rowPercent: [
        [60, 20],
        [50, 0],
      ],
      dormantPercent: [20, 50],
      expected: [
        [null, null],
        [null, 0.2],
      ],
      p: [
        [null, null],
        [null, 1],
      ],
      holmP: [
        [null, null],
        [null, 1],
      ],
      net: [
        { track: null, change: -1 },
        { track: 7, change: 0 },
      ],
    },
  ]);
  expect(tracks.drift).toEqual([
    {
      ...{ ...pair, mmd2: 0.01, p: null, unchanged: null, jensenShannon: 0.1, change: 0, shares: null, commonUsers: 5 },
      segments: [{ track: null, shareBefore: 0.8, shareAfter: 0.8, composition: null, content: null, shift: null }],
    },
  ]);
  const { window, ...rest } = quality[0] as (typeof quality)[number];
  expect(tracks.quality).toEqual([{ window: '2024-06-01', ...rest }]);
  expect(tracks.agreement).toEqual({ mean: figures, windows: [{ window: '2024-06-01', users: 3, ...figures, groups }] });
  expect(JSON.parse(tracksJson(result))).toMatchObject({ migration: [], drift: [], quality: [], agreement: null });
});

test('P6 the accounting is written with the line of every row that it holds, and without what stands in them', () => {
  expect(JSON.parse(accountingJson(result))).toEqual({
    files: [
      { name: 'f.csv', sha256: 'ab', read: 3, kept: 2, setAside: [{ reason: 'no user', count: 1, lines: [4] }], touched: [] },
    ],
  });
});
