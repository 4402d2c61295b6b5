import { describe, expect, test } from 'vitest';
import { type Block, range, told, track } from './cases.fixture.ts';

const block = (...ranges: [number, number][]): Block => ({ users: ranges.flatMap(([a, b]) => range(a, b)) });
const months = (...columns: Block[][]): { segments: Block[] }[] => columns.map((segments) => ({ segments }));

describe('split: two or more Y, each f >= .25 and b >= .5, sum of f >= .7', () => {
  test('the largest keeps the track', () => {
    const result = track(months([block([0, 100])], [block([0, 60]), block([60, 100])]));
    expect(told(result)).toEqual(['split 1>1,2']);
    expect([...result.trackOf]).toEqual([1, 1, 2]);
    expect(result.events[0]?.users).toBe(100);
  });

  test('the largest is by size, not by its ribbon', () => {
    const result = track(months([block([0, 100])], [block([0, 40], [200, 300]), block([40, 100])]));
    expect(told(result)).toEqual(['split 1>1,2']);
    expect([...result.trackOf]).toEqual([1, 1, 2]);
  });

  test('f at .25 splits, below survives', () => {
    expect(told(track(months([block([0, 100])], [block([0, 75]), block([75, 100])])))).toEqual(['split 1>1,2']);
    expect(told(track(months([block([0, 100])], [block([0, 76]), block([76, 100])])))).toEqual(['survive 1>1', 'emerge >2']);
  });

  test('b at .5 splits, below does not', () => {
    const olds = [block([0, 100]), block([100, 200])];
    const at = track(months(olds, [block([140, 200]), block([0, 60]), block([60, 100], [100, 140])]));
    expect(told(at)).toContain('split 1>1,3');
    const below = track(months(olds, [block([141, 200]), block([0, 61]), block([61, 100], [100, 141])]));
    expect(told(below).some((t) => t.startsWith('split 1'))).toBe(false);
  });

  test('covers .7 of the old, or it is no split', () => {
    const elsewhere = (from: number): Block => block([from, 100], [200, 400]);
    expect(told(track(months([block([0, 100]), block([200, 400])], [elsewhere(70), block([0, 40]), block([40, 70])])))).toContain(
      'split 1>1,3',
    );
    expect(
      told(track(months([block([0, 100]), block([200, 400])], [elsewhere(69), block([0, 40]), block([40, 69])]))),
    ).not.toContain('split 1>1,3');
  });
});

describe('merge: two or more X, each b >= .25 and f >= .5, sum of b >= .7', () => {
  test('the track of the largest contributor goes on', () => {
    const result = track(months([block([0, 60]), block([60, 100])], [block([0, 100])]));
    expect(told(result)).toEqual(['merge 1,2>1']);
    expect([...result.trackOf]).toEqual([1, 2, 1]);
  });

  test('the largest contributor is by ribbon, not by size', () => {
    const result = track(months([block([0, 40], [200, 240]), block([40, 100])], [block([0, 100]), block([200, 240])]));
    expect(told(result)[0]).toBe('merge 1,2>2');
  });

  test('b at .25 merges, below does not', () => {
    expect(told(track(months([block([0, 75]), block([75, 100])], [block([0, 100])])))).toEqual(['merge 1,2>1']);
    expect(told(track(months([block([0, 76]), block([76, 100])], [block([0, 100])])))).toEqual(['survive 1>1', 'disappear 2>']);
  });

  test('f at .5 merges, below does not', () => {
    const merge = (kept: number): string[] =>
      told(track(months([block([0, 80]), block([100, 180])], [block([0, 80], [100, kept]), block([kept, 180])])));
    expect(merge(140)[0]).toBe('merge 1,2>1');
    expect(merge(139)[0]).toBe('survive 1>1');
  });

  test('covers .7 of the new, or it is no merge', () => {
    const merge = (from: number): string[] =>
      told(
        track(months([block([0, 40]), block([40, 70]), block([100, 200])], [block([0, 70], [100, from]), block([from, 200])])),
      );
    expect(merge(130)[0]).toBe('merge 1,2>1');
    expect(merge(131).some((t) => t.startsWith('merge'))).toBe(false);
  });
});

describe('survive: mutual best match with f >= .5 or b >= .5', () => {
  test('tells change of size and cosine of the centroids', () => {
    const result = track([
      { segments: [{ users: range(0, 100), angle: 0 }] },
      { segments: [{ users: range(50, 200), angle: 60 }] },
    ]);
    expect(told(result)).toEqual(['survive 1>1']);
    expect(result.events[0]).toMatchObject({ users: 50, sizeChange: 50, tentative: false, host: null });
    expect(result.events[0]?.centroidCosine).toBeCloseTo(0.5, 6);
  });

  test('f and b both below .5 do not survive', () => {
    const X = [block([0, 90]), block([90, 180]), block([180, 270])];
    const Y = [0, 1, 2].map((i) => block([30 * i, 30 * i + 30], [90 + 30 * i, 120 + 30 * i], [180 + 30 * i, 210 + 30 * i]));
    expect(told(track(months(X, Y)))).toEqual(['reorganise 1,2,3>4,5,6']);
  });

  test('users who come or go do not count: shares are of common users', () => {
    const result = track(months([block([0, 100]), block([500, 600])], [block([60, 100], [700, 740]), block([500, 600])]));
    expect(told(result)).toEqual(['survive 1>1', 'survive 2>2']);
  });

  test('noise counts as present', () => {
    const old = { segments: [block([0, 100])] };
    const fresh = { segments: [block([0, 49], [200, 260])], noise: range(49, 100) };
    const before = { ...old, noise: range(200, 260) };
    expect(told(track([before, fresh]))).toEqual(['disappear 1>', 'emerge >2']);
    expect(told(track([before, { segments: fresh.segments }]))).toEqual(['survive 1>1']);
  });

  test('ties go to the lowest number', () => {
    const result = track(months([block([0, 40])], [block([0, 20], [100, 140]), block([20, 40], [200, 240])]), {
      splitShare: 0.6,
    });
    expect(told(result)).toEqual(['survive 1>1', 'emerge >2']);
  });
});

describe('disappear and emerge', () => {
  test('the host is named if it took half or more of the common users', () => {
    const host = (to: number): number | null | undefined => {
      const old = { segments: [block([0, 200]), block([200, 400]), block([400, 440])] };
      const fresh = {
        segments: [block([0, 200], [400, to]), block([200, 400], [420, 438])],
        noise: [...range(to, 420), 438, 439],
      };
      return track([old, fresh]).events.find((e) => e.kind === 'disappear' && e.from[0] === 3)?.host;
    };
    expect(host(420)).toBe(1);
    expect(host(419)).toBeNull();
  });

  test('no host is named on the word of a few common users', () => {
    const { events } = track(months([block([0, 200]), block([200, 300])], [block([0, 200], [200, 205])]));
    expect(events.find((e) => e.kind === 'disappear')).toMatchObject({ host: null, tentative: true });
  });

  test('their users are the members', () => {
    const { events } = track(months([block([0, 50]), block([50, 70])], [block([0, 50]), block([100, 130])]));
    expect(events.map((e) => [e.kind, e.users])).toEqual([
      ['survive', 50],
      ['disappear', 20],
      ['emerge', 30],
    ]);
  });
});

describe('too few common users: the centroids decide', () => {
  const turned = (angle: number, users: number): { segments: Block[] }[] => [
    {
      segments: [
        { users: range(0, 100), angle: 0 },
        { users: range(200, 300), angle: 50 },
      ],
    },
    {
      segments: [
        { users: [...range(100 - users, 100), ...range(400, 420)], angle },
        { users: range(200, 300), angle: 50 },
      ],
    },
  ];

  test('all users new: nearest centroids go on, told as tentative', () => {
    const result = track([
      {
        segments: [
          { users: range(0, 50), angle: 0 },
          { users: range(50, 100), angle: 90 },
        ],
      },
      {
        segments: [
          { users: range(100, 150), angle: 80 },
          { users: range(150, 200), angle: 10 },
        ],
      },
    ]);
    expect(told(result)).toEqual(['survive 1>1', 'survive 2>2']);
    expect([...result.trackOf]).toEqual([1, 2, 2, 1]);
    expect(result.events.every((e) => e.tentative)).toBe(true);
    expect(result.flows).toEqual([]);
  });

  test('the cosine must be above that to any other old segment', () => {
    expect(told(track(turned(-49, 5)))[0]).toBe('survive 1>1');
    expect(told(track(turned(-51, 5)))).toEqual(['survive 2>2', 'disappear 1>', 'emerge >3']);
  });

  test('9 common users are too few, 10 are enough', () => {
    const result = (users: number): string[] => told(track(turned(-51, users), { minCommonShare: 0 }));
    expect(result(9)).toContain('disappear 1>');
    expect(result(10)).toContain('survive 1>1');
  });

  test('under 20 % of the segment is too few', () => {
    expect(told(track(turned(-51, 19)))).toContain('disappear 1>');
    expect(told(track(turned(-51, 20)))).toContain('survive 1>1');
  });

  test('a nearest centroid that another holds is not taken', () => {
    const result = track([
      {
        segments: [
          { users: range(0, 50), angle: 0 },
          { users: range(50, 100), angle: 90 },
        ],
      },
      {
        segments: [
          { users: range(50, 100), angle: 5 },
          { users: range(300, 340), angle: 45 },
        ],
      },
    ]);
    expect(told(result)).toEqual(['survive 2>2', 'disappear 1>', 'emerge >3']);
  });
});

describe('reorganise: several old with several new, shown n:m', () => {
  test('2:2 in halves', () => {
    const halves = months([block([0, 100]), block([100, 200])], [block([0, 50], [100, 149]), block([50, 100], [149, 200])]);
    const result = track(halves, { splitPurity: 0.6, mergePurity: 0.6, surviveShare: 0.6 });
    expect(told(result)).toEqual(['reorganise 1,2>3,4']);
    expect(result.events[0]).toMatchObject({ users: 200, host: null, sizeChange: null });
  });

  test('two separate groups are two events', () => {
    const shift = (users: number): Block[] => [block([users, users + 100]), block([users + 100, users + 200])];
    const mixed = (u: number): Block[] => [block([u, u + 50], [u + 100, u + 149]), block([u + 50, u + 100], [u + 149, u + 200])];
    const strict = { splitPurity: 0.6, mergePurity: 0.6, surviveShare: 0.6 };
    const result = track(months([...shift(0), ...shift(500)], [...mixed(0), ...mixed(500)]), strict);
    expect(told(result)).toEqual(['reorganise 1,2>5,6', 'reorganise 3,4>7,8']);
  });
});

describe('windows', () => {
  test('an empty window between is passed over', () => {
    const result = track([{ segments: [block([0, 50])] }, { segments: [] }, { segments: [block([0, 50])] }]);
    expect(told(result)).toEqual(['survive 1>1']);
    expect(result.events[0]).toMatchObject({ before: 0, window: 2 });
    expect(result.flows).toEqual([{ from: 0, to: 1, users: 50 }]);
  });

  test('the first window opens tracks without events', () => {
    const result = track(months([block([0, 50]), block([50, 60])]));
    expect([...result.trackOf]).toEqual([1, 2]);
    expect(result.events).toEqual([]);
  });

  test('nothing in, nothing out', () => {
    expect(track([])).toEqual({ trackOf: new Int32Array(), events: [], flows: [] });
  });

  test('events next to a partial window are tentative, on both sides', () => {
    const column = { segments: [block([0, 50])] };
    const { events } = track([column, column, { ...column, partial: true }, column, column]);
    expect(events.map((e) => e.tentative)).toEqual([false, true, true, false]);
  });

  test('thin users are absent: only present members count', () => {
    const result = track([{ segments: [block([0, 50])] }, { segments: [block([0, 25])], noise: [] }]);
    expect(result.events[0]).toMatchObject({ kind: 'survive', users: 25, sizeChange: -50 });
  });
});

describe('resurface: a vanished track comes back by its centroid', () => {
  const steady: Block = { users: range(0, 100), angle: 90 };
  const story = (lastAngle: number, gap = 1) => [
    { segments: [steady, { users: range(100, 130), angle: 0 }] },
    ...Array.from({ length: gap }, () => ({ segments: [steady] })),
    { segments: [steady, { users: range(200, 230), angle: lastAngle }] },
  ];

  test('as the same track, tentative', () => {
    const result = track(story(10, 2));
    expect(told(result).at(-1)).toBe('resurface >2');
    expect(result.events.at(-1)).toMatchObject({ tentative: true, users: 30 });
    expect([...result.trackOf]).toEqual([1, 2, 1, 1, 1, 2]);
  });

  test('not if its cosine is not above the largest that the track had to another segment', () => {
    const near = (angle: number) =>
      track([
        { segments: [steady, { users: range(100, 130), angle: 60 }] },
        { segments: [steady] },
        { segments: [steady, { users: range(200, 230), angle }] },
      ]);
    expect(told(near(31)).at(-1)).toBe('resurface >2');
    expect(told(near(29)).at(-1)).toBe('emerge >3');
  });

  test('not from one window to the next: there users or centroids had their say', () => {
    const result = track(story(10, 0));
    expect(told(result)).toEqual(['survive 1>1', 'survive 2>2']);
    const apart = track([
      { segments: [steady, { users: range(100, 130), angle: 60 }] },
      { segments: [steady, { users: range(200, 230), angle: 29 }] },
    ]);
    expect(told(apart)).toEqual(['survive 1>1', 'disappear 2>', 'emerge >3']);
  });

  test('ids are never reused for another', () => {
    const result = track([...story(10, 1).slice(0, 2), { segments: [steady, { users: range(200, 230), angle: 200 }] }]);
    expect(told(result).at(-1)).toBe('emerge >3');
  });
});

test('flows count common users from segment to segment, noise left out', () => {
  const { flows } = track([
    { segments: [block([0, 50]), block([50, 80])], noise: range(90, 95) },
    { segments: [block([0, 40], [50, 60]), block([90, 95], [45, 50])], noise: range(60, 80) },
  ]);
  expect(flows).toEqual([
    { from: 0, to: 2, users: 40 },
    { from: 0, to: 3, users: 5 },
    { from: 1, to: 2, users: 10 },
  ]);
});
