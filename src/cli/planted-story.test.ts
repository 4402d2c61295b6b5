import { loadavg } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adjustedRandIndex } from '../engine/index.ts';
import { generateLog, type SegmentName, type Truth, toCsv } from '../testing/index.ts';
import { type Folder, type Run, readAssignments, runCli, temporaryFolder } from './process.fixture.ts';

/** The log of the sample: 2,000 users, 12 months, and what was planted in it. */
const { rows, truth } = generateLog({ seed: 1, users: 2000 });
/** From the files to the map, and with the trust that is measured after. */
const LIMIT_SECONDS = 45;
const TRUST_LIMIT_SECONDS = 120;

interface Event {
  readonly window: string;
  readonly kind: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly sensitivity: { readonly groups: Readonly<Record<string, number | null>> } | null;
  readonly shift?: { readonly verdict: string };
}

let folder: Folder;
let run: Run;
let assigned: Record<string, string>[];
let events: Event[];

beforeAll(async () => {
  folder = await temporaryFolder();
  const file = await folder.write('library.csv', toCsv(rows));
  run = await runCli([file, '--out', folder.path('out'), '--json'], { timeout: 300_000 });
  console.warn(
    `planted story: ${run.seconds.toFixed(1)} s, of the processor ${JSON.parse(run.stdout).cpuSeconds} s, load ${loadavg()[0]?.toFixed(1)}`,
  );
  assigned = readAssignments(await folder.read('out/assignments.csv')).filter((a) => a.thin === '0');
  events = JSON.parse(await folder.read('out/tracks.json')).events;
}, 300_000);
afterAll(() => folder.remove());

const trueSegments = new Map(truth.assignments.map((a) => [`${a.user} ${truth.months[a.month]}`, a.segment]));
const segmentOf = (a: Record<string, string>): SegmentName | undefined => trueSegments.get(`${a.user} ${a.window_start}`);

test(`the run ends with 0, without a warning, its map in under ${LIMIT_SECONDS} s, its trust in under ${TRUST_LIMIT_SECONDS} s`, () => {
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const { trust, sensitivity } = JSON.parse(run.stdout).timings;
  expect(run.seconds - (trust + sensitivity) / 1000).toBeLessThan(LIMIT_SECONDS);
  expect(run.seconds - sensitivity / 1000).toBeLessThan(TRUST_LIMIT_SECONDS);
});

test('k auto: mean ARI over the months against the truth is at least 0.85', () => {
  const scores = truth.months.map((month) => {
    const rowsOf = assigned.filter((a) => a.window_start === month);
    expect(rowsOf.length).toBeGreaterThan(1000);
    const known = rowsOf.map((a) => truth.segments.indexOf(segmentOf(a) as SegmentName));
    const found = rowsOf.map((a) => Number(a.segment));
    return adjustedRandIndex(known, found);
  });
  expect(scores.reduce((a, b) => a + b, 0) / scores.length).toBeGreaterThanOrEqual(0.85);
});

/** The track that most users of a true segment are on in a month. */
function trackOf(segment: SegmentName, month: number): number {
  const counts = new Map<number, number>();
  for (const a of assigned) {
    if (a.window_start !== truth.months[month] || segmentOf(a) !== segment) continue;
    counts.set(Number(a.track), (counts.get(Number(a.track)) ?? 0) + 1);
  }
  const [track] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (track === undefined) throw new Error(`no one is in ${segment} in month ${month}`);
  return track;
}

type Planted = Exclude<Truth['events'][number], { kind: 'drift' }>;
const planted = truth.events.filter((e): e is Planted => e.kind !== 'drift');

const sorted = (tracks: readonly number[]): number[] => [...tracks].sort((a, b) => a - b);

describe('the planted story is told', () => {
  test.each(planted)('$kind in month $month: $from to $to', ({ kind, month, from, to }) => {
    const before = sorted(from.map((segment) => trackOf(segment, month - 1)));
    const after = sorted(to.map((segment) => trackOf(segment, month)));
    const told = events.filter((e) => e.window === truth.months[month] && e.kind === kind);
    expect(told.map((e) => [sorted(e.from), sorted(e.to)])).toContainEqual([before, after]);
  });

  test('drift: the segment that changes its titles step by step stays on one track', () => {
    const drift = truth.events.find((e) => e.kind === 'drift');
    if (drift?.kind !== 'drift') throw new Error('no drift was planted');
    const tracks = truth.months.map((_, month) => trackOf(drift.segment, month));
    expect(new Set(tracks).size).toBe(1);
  });

  test('it is told again with every other seed and with windows of two months, and with most other k', () => {
    for (const { kind, sensitivity } of events.filter((e) => e.kind !== 'survive')) {
      expect(sensitivity?.groups, kind).toMatchObject({ seed: 1, window: 1 });
      expect(sensitivity?.groups.k, kind).toBeGreaterThanOrEqual(0.5);
    }
  });

  test('drift: told as a shift of that segment in most of its months, in no other month and of no other segment', () => {
    const drift = truth.events.find((e) => e.kind === 'drift');
    if (drift?.kind !== 'drift') throw new Error('no drift was planted');
    const track = trackOf(drift.segment, drift.firstMonth);
    const told = events.filter((e) => e.shift?.verdict === 'stable').map((e) => [truth.months.indexOf(e.window), e.to[0]]);
    const months = Array.from({ length: drift.lastMonth - drift.firstMonth + 1 }, (_, i) => [drift.firstMonth + i, track]);
    for (const shift of told) expect(months).toContainEqual(shift);
    expect(told.length).toBeGreaterThanOrEqual(0.7 * months.length);
  });

  test('nothing else but survivals is told', () => {
    const others = events.filter((e) => e.kind !== 'survive');
    expect(others.map((e) => e.kind).sort()).toEqual(planted.map((e) => e.kind).sort());
  });
});
