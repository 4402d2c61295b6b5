import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type TimeWindow, type WindowSegment } from '../domain/index.ts';
import { generateLog, type Truth } from '../testing/index.ts';
import { trackSegments } from './index.ts';

const MIN_EVENTS = DEFAULT_SETTINGS.minEvents;

/** The true segments as if a perfect fit had found them: one axis of the space for each name. */
function perfectFit(truth: Truth): { segments: WindowSegment[]; names: string[]; present: Uint32Array[] } {
  const segments: WindowSegment[] = [];
  const names: string[] = [];
  const present = truth.months.map((_, month) => {
    const here = truth.assignments.filter((a) => a.month === month && a.events >= MIN_EVENTS);
    const users = (list: typeof here): Uint32Array => Uint32Array.from(list, (a) => Number(a.user.slice(1))).sort();
    const found = truth.segments
      .map((name) => ({ name, members: users(here.filter((a) => a.segment === name)) }))
      .filter((s) => s.members.length > 0)
      .sort((a, b) => b.members.length - a.members.length);
    found.forEach(({ name, members }, number) => {
      const centroid = Float32Array.from(truth.segments, (other) => (other === name ? 1 : 0));
      segments.push({ window: month, number, members, centroid });
      names.push(name);
    });
    return users(here);
  });
  return { segments, names, present };
}

const run = (truth: Truth) => {
  const { segments, names, present } = perfectFit(truth);
  const windows = truth.months.map((name, i): TimeWindow => ({ start: i, end: i + 1, name, partial: false }));
  const result = trackSegments({ windows, segments, presentUsers: present, settings: DEFAULT_SETTINGS.matching });
  const nameOf = (window: number, id: number): string =>
    names[segments.findIndex((s, i) => s.window === window && result.trackOf[i] === id)] ?? '?';
  return result.events
    .filter((e) => e.kind !== 'survive')
    .map((e) => ({
      kind: e.kind,
      month: e.window,
      from: e.from.map((id) => nameOf(e.before, id)).sort(),
      to: e.to.map((id) => nameOf(e.window, id)).sort(),
    }));
};

test('the planted story is told as it was planted, and nothing else', () => {
  const { truth } = generateLog({ seed: 1 });
  const planted = truth.events.flatMap((e) =>
    e.kind === 'drift' ? [] : [{ ...e, from: [...e.from].sort(), to: [...e.to].sort() }],
  );
  expect(run(truth)).toEqual(planted);
});

test('where nothing changes, only survivals are told', () => {
  expect(run(generateLog({ seed: 1, unchanging: true }).truth)).toEqual([]);
});
