import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, DEFAULT_SETTINGS, type WindowSegment } from '../domain/index.ts';
import { type Month, presentOf, segmentsOf, track } from './cases.fixture.ts';
import { type TrackResult, trackSegments } from './index.ts';
import { type OracleMatch, oracleMatches } from './oracle.fixture.ts';

/**
 * Months whose users mostly stay together: each month a user keeps its group with probability `loyalty`, and a group moves as
 * one to a random segment, so that every rule gets its turn.
 */
function randomMonths(seed: number): Month[] {
  const random = createRandom(seed);
  const users = 30 + random.int(150);
  const groups = 2 + random.int(5);
  const group = Array.from({ length: users }, () => random.int(groups));
  const loyalty = 0.5 + random.next() / 2;
  return Array.from({ length: 2 + random.int(3) }, (): Month => {
    if (random.next() < 0.1) return { segments: [] };
    const count = 1 + random.int(5);
    const target = Array.from({ length: groups }, () => random.int(count));
    const members: number[][] = Array.from({ length: count }, () => []);
    const noise: number[] = [];
    for (let u = 0; u < users; u++) {
      const dice = random.next();
      if (dice < 0.15) continue;
      const segment = random.next() < loyalty ? target[group[u] as number] : random.int(count);
      if (dice < 0.2) noise.push(u);
      else members[segment as number]?.push(u);
    }
    const filled = members.filter((m) => m.length > 0).sort((a, b) => b.length - a.length);
    return { segments: filled.map((m) => ({ users: m, angle: random.int(360) })), noise, partial: random.next() < 0.2 };
  });
}

const someMonths = fc.integer({ min: 0, max: 1_000_000 }).map(randomMonths);

/** Indexes of the months that have a segment, with where their segments begin. */
function columns(months: readonly Month[]): { window: number; offset: number; count: number }[] {
  let offset = 0;
  return months
    .map(({ segments }, window) => {
      const column = { window, offset, count: segments.length };
      offset += segments.length;
      return column;
    })
    .filter((c) => c.count > 0);
}

const pairs = <T>(list: readonly T[]): [T, T][] => list.slice(1).map((item, i) => [list[i] as T, item]);

describe('invariants', () => {
  const check = (property: (months: Month[], result: TrackResult) => void): void => {
    fc.assert(
      fc.property(someMonths, (months) => property(months, track(months))),
      { numRuns: 300 },
    );
  };

  test('every segment has a track, no two of a window the same, ids in order of appearance', () => {
    check((months, { trackOf }) => {
      let highest = 0;
      for (const id of trackOf) {
        expect(id).toBeGreaterThan(0);
        expect(id).toBeLessThanOrEqual(highest + 1);
        highest = Math.max(highest, id);
      }
      for (const { offset, count } of columns(months)) expect(new Set(trackOf.subarray(offset, offset + count)).size).toBe(count);
    });
  });

  test('between two windows each old track is in one event, and so is each new one', () => {
    check((months, { trackOf, events }) => {
      const ids = (c: { offset: number; count: number }): number[] =>
        [...trackOf.subarray(c.offset, c.offset + c.count)].sort((a, b) => a - b);
      for (const [before, after] of pairs(columns(months))) {
        const here = events.filter((e) => e.window === after.window);
        expect(here.every((e) => e.before === before.window)).toBe(true);
        expect(here.flatMap((e) => e.from).sort((a, b) => a - b)).toEqual(ids(before));
        expect(here.flatMap((e) => e.to).sort((a, b) => a - b)).toEqual(ids(after));
      }
    });
  });

  test('a track that goes on stands on both sides of its event', () => {
    check((_, { events }) => {
      for (const e of events) {
        const goesOn = e.from.filter((id) => e.to.includes(id)).length;
        expect(goesOn).toBe(e.kind === 'split' || e.kind === 'merge' || e.kind === 'survive' ? 1 : 0);
      }
    });
  });

  test('flows add up to the common users who are in segments of both windows', () => {
    check((months, { flows }) => {
      for (const [before, after] of pairs(columns(months))) {
        const old = new Set(months[before.window]?.segments.flatMap((s) => s.users));
        const both = months[after.window]?.segments.flatMap((s) => s.users).filter((u) => old.has(u)) ?? [];
        const here = flows.filter((f) => f.from >= before.offset && f.from < before.offset + before.count);
        expect(here.reduce((n, f) => n + f.users, 0)).toBe(both.length);
      }
    });
  });

  test('P8 what is told of a window does not depend on later ones', () => {
    check((months, { trackOf, events, flows }) => {
      for (let n = 0; n < months.length; n++) {
        const cut = track(months.slice(0, n));
        expect(cut).toEqual({
          trackOf: trackOf.slice(0, cut.trackOf.length),
          events: events.filter((e) => e.window < n),
          flows: flows.filter((f) => f.to < cut.trackOf.length),
        });
      }
    });
  });

  test('P2 the names of users do not matter', () => {
    const renamed = (months: readonly Month[], by: (u: number) => number): Month[] =>
      months.map((m) => ({
        ...m,
        noise: (m.noise ?? []).map(by),
        segments: m.segments.map((s) => ({ ...s, users: s.users.map(by) })),
      }));
    check((months, result) => {
      expect(track(renamed(months, (u) => (u * 7919) % 10_007))).toEqual(result);
    });
  });
});

describe('the oracle of plain sets', () => {
  test('says the same of any two windows', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 1500; seed++) {
      const months = randomMonths(seed)
        .filter((m) => m.segments.length > 0)
        .slice(0, 2);
      if (months.length < 2) continue;
      const expected = expectation(months);
      const settings = DEFAULT_SETTINGS.matching;
      const result = trackSegments({ windows: [], segments: segmentsOf(months), presentUsers: presentOf(months), settings });
      expect(summary(result)).toEqual(expected.summary);
      for (const m of expected.matches) seen.add(m.kind);
    }
    expect([...seen].sort()).toEqual(['disappear', 'emerge', 'merge', 'reorganise', 'split', 'survive']);
  });
});

const summary = ({ events, trackOf }: TrackResult): string[] => [
  ...events.map((e) => `${e.kind} ${e.from}>${e.to}`).sort(),
  `tracks ${trackOf.join()}`,
];

/** What the oracle's matches mean in track ids: the first window has 1, 2, ...; new ones follow by number. */
function expectation(months: readonly Month[]): { matches: OracleMatch[]; summary: string[] } {
  const segments = segmentsOf(months);
  const side = (w: number): WindowSegment[] => segments.filter((s) => s.window === w);
  const [old, fresh] = [side(0), side(1)];
  const present = presentOf(months).map((users) => new Set(users)) as [Set<number>, Set<number>];
  const matches = oracleMatches(old, fresh, present, DEFAULT_SETTINGS.matching);
  const kept = new Map(matches.flatMap((m) => (m.carries ? [[m.carries[1], m.carries[0] + 1] as const] : [])));
  let next = old.length + 1;
  const freshIds = fresh.map((_, y) => kept.get(y) ?? next++);
  const ids = (list: number[]): number[] => list.sort((a, b) => a - b);
  const lines = matches.map((m) => `${m.kind} ${ids(m.old.map((x) => x + 1))}>${ids(m.fresh.map((y) => freshIds[y] as number))}`);
  return { matches, summary: [...lines.sort(), `tracks ${[...old.map((_, x) => x + 1), ...freshIds].join()}`] };
}
