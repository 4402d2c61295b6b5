import { describe, expect, test } from 'vitest';
import {
  BEHAVIOUR_NAMES,
  BEHAVIOURS,
  type BehaviourSettings,
  createMatrix,
  createRandom,
  DEFAULT_SETTINGS,
  type EventTable,
  makeWindows,
  NO_ID,
  rowOf,
  silentContext,
  type TimeWindow,
} from '../../domain/index.ts';
import { buildProfiles } from '../build.ts';
import {
  type BehaviourPlan,
  fitScale,
  joinBehaviour,
  measureBehaviour,
  planBehaviour,
  scaled,
  scalesOf,
  typesKnownUntil,
} from './index.ts';
import sklearn from './sklearn-robust.json';

const DAY = 86_400_000;
const MINUTE = 60_000;

interface Row {
  readonly user: string;
  /** Milliseconds. */
  readonly time: number;
  readonly text?: string;
  readonly type?: string;
  readonly value?: number;
  readonly stay?: number;
}

/** The table that the reader would make of the rows. */
function tableOf(rows: readonly Row[]): EventTable {
  const distinct = (values: readonly (string | undefined)[]): string[] =>
    [...new Set(values.filter((v) => v !== undefined))].sort();
  const sorted = [...rows].sort((a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : a.time - b.time));
  const [users, texts, types] = [
    distinct(rows.map((r) => r.user)),
    distinct(rows.map((r) => r.text ?? 'x')),
    distinct(rows.map((r) => r.type)),
  ];
  const none = (): Uint32Array => new Uint32Array(rows.length).fill(NO_ID);
  return {
    ...{ count: rows.length, users, texts, types, items: [], labels: [], item: none(), label: none() },
    user: Uint32Array.from(sorted, (r) => users.indexOf(r.user)),
    time: Float64Array.from(sorted, (r) => r.time),
    text: Uint32Array.from(sorted, (r) => texts.indexOf(r.text ?? 'x')),
    type: Uint32Array.from(sorted, (r) => (r.type === undefined ? NO_ID : types.indexOf(r.type))),
    value: Float64Array.from(sorted, (r) => r.value ?? Number.NaN),
    numbers: [{ name: 'stay', values: Float64Array.from(sorted, (r) => r.stay ?? Number.NaN) }],
  };
}

const ALL: BehaviourSettings = { weight: 0.3, features: BEHAVIOURS };

async function measured(rows: readonly Row[], spec = 'P10D', behaviour = ALL, lookAhead = true) {
  const events = tableOf(rows);
  const times = rows.map((r) => r.time);
  const windows = makeWindows(spec, 'UTC', Math.min(...times), Math.max(...times));
  const profiles = await buildProfiles(events, windows, { ...DEFAULT_SETTINGS, minEvents: 2 }, silentContext);
  const plan = planBehaviour(events, behaviour, 'price', typesKnownUntil(windows, lookAhead)) as BehaviourPlan;
  const columns = await measureBehaviour(events, windows, profiles, plan, silentContext);
  const told = (p: number): Record<string, number> =>
    Object.fromEntries(plan.features.map(({ name }, f) => [name, columns[f]?.[p] as number]));
  return { events, windows, profiles, plan, columns, told };
}

describe('features of a profile', () => {
  test('by hand: a view, a basket of two lines, a pause, another purchase', async () => {
    const { told, windows } = await measured([
      { user: 'ann', time: 0, text: 'a', type: 'view', stay: 4 },
      { user: 'ann', time: 10 * MINUTE, text: 'a', type: 'buy', value: 3, stay: 6 },
      { user: 'ann', time: 12 * MINUTE, text: 'b', type: 'buy', value: 5 },
      { user: 'ann', time: 2 * DAY, text: 'b', type: 'buy' },
    ]);
    expect((windows[0] as TimeWindow).end).toBe(10 * DAY);
    const expected = {
      'Events of buy': Math.log(4),
      'Events of view': Math.log(2),
      'Events of other types': 0,
      'Share of buy': 3 / 4,
      'Share of view': 1 / 4,
      'Share of other types': 0,
      'Purchases a day': 2 / 10,
      'Time spent': Math.log(13),
      'Time spent on one event': Math.log(7),
      'Sum of price': 8,
      'Mean of price': 4,
      'Sum of stay': 10,
      'Mean of stay': 5,
      'Days since the last event': 8,
      'Variety of texts': 1,
    };
    const found = told(0);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) expect(found[name], name).toBeCloseTo(value, 12);
  });

  test('without types there is one count, and a visit counts where a purchase is not told', async () => {
    const { told, plan } = await measured([0, 1, 29, 60, 2000].map((minute) => ({ user: 'ann', time: minute * MINUTE })));
    expect(plan.features.map(({ name }) => name)).not.toContain('Share of other types');
    expect(told(0)).toMatchObject({ Events: Math.log1p(5), 'Visits a day': 3 / 10 });
  });

  test('a pause of 30 minutes belongs to a visit, a longer one does not; one event alone tells no time spent', async () => {
    const at = async (gap: number) =>
      (
        await measured([
          { user: 'a', time: 0 },
          { user: 'a', time: gap },
        ])
      ).told(0);
    expect((await at(30 * MINUTE))['Time spent']).toBeCloseTo(Math.log(31), 12);
    expect(await at(30 * MINUTE + 1)).toMatchObject({ 'Time spent': 0, 'Time spent on one event': Number.NaN });
  });

  test('a purchase that is taken back is none, nor is a word that only holds another', () => {
    const types = [
      'add_to_cart',
      'border',
      'buy',
      'cancelled order',
      'order_placed',
      'Purchase',
      'refund paid',
      '购买',
      '退购买',
    ];
    const events = tableOf(types.map((type, i) => ({ user: 'a', time: i, type })));
    const plan = planBehaviour(events, ALL, null, 99);
    expect(plan?.purchases).toEqual(['Purchase', 'buy', 'order_placed', '购买']);
  });

  test('of many types the 20 most frequent have features, the others together', async () => {
    const rows = Array.from({ length: 25 }, (_, i) =>
      Array.from({ length: i < 5 ? 1 : 2 }, (_, j) => ({ user: 'a', time: 100 * i + j, type: `t${String(i).padStart(2, '0')}` })),
    ).flat();
    const { plan, told } = await measured(rows);
    expect(plan.types).toHaveLength(20);
    expect(plan.types).toContain('t24');
    expect(plan.types).not.toContain('t04');
    expect(told(0)['Events of other types']).toBeCloseTo(Math.log1p(5), 12);
  });

  test('a weight of 0 or no part at all is texts alone', () => {
    const events = tableOf([{ user: 'a', time: 0 }]);
    expect(planBehaviour(events, { ...ALL, weight: 0 }, null, 1)).toBeNull();
    expect(planBehaviour(events, { ...ALL, features: [] }, null, 1)).toBeNull();
  });

  test('each part has a name, and a part that is left out has no feature', async () => {
    for (const behaviour of BEHAVIOURS) {
      expect(BEHAVIOUR_NAMES[behaviour].name).not.toBe('');
      const { plan, columns } = await measured([{ user: 'a', time: 0, type: 'buy', value: 1 }], 'P10D', {
        weight: 0.5,
        features: [behaviour],
      });
      expect(plan.features.length).toBeGreaterThan(0);
      expect(columns).toHaveLength(plan.features.length);
      expect(plan.features.every((feature) => feature.behaviour === behaviour)).toBe(true);
    }
  });
});

/** The definitions again, one profile after the other over all rows, as plainly as can be. */
function plainly(rows: readonly Row[], user: string, { start, end }: TimeWindow): Record<string, number> {
  const own = rows.filter((r) => r.user === user && r.time >= start && r.time < end).sort((a, b) => a.time - b.time);
  const of = (type: string) => own.filter((r) => r.type === type).length;
  const gaps = own.slice(1).map((r, i) => r.time - (own[i] as Row).time);
  const short = gaps.filter((gap) => gap <= 30 * MINUTE).map((gap) => gap / MINUTE);
  const visits: Row[][] = [];
  for (const [i, r] of own.entries()) {
    if (i > 0 && (gaps[i - 1] as number) <= 30 * MINUTE) visits.at(-1)?.push(r);
    else visits.push([r]);
  }
  const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const values = own.flatMap((r) => r.value ?? []);
  const shares = [...new Set(own.map((r) => r.text))].map((text) => own.filter((r) => r.text === text).length / own.length);
  return {
    'Events of buy': Math.log1p(of('buy')),
    'Share of view': of('view') / own.length,
    'Purchases a day': visits.filter((visit) => visit.some((r) => r.type === 'buy')).length / ((end - start) / DAY),
    'Time spent': Math.log1p(short.reduce((a, b) => a + b, 0)),
    'Time spent on one event': short.length === 0 ? Number.NaN : Math.log1p(mean(short)),
    'Sum of price': values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0),
    'Mean of price': mean(values),
    'Days since the last event': (end - Math.max(...own.map((r) => r.time))) / DAY,
    'Variety of texts': -shares.reduce((sum, p) => sum + p * Math.log2(p), 0),
  };
}

function randomRows(seed: number, count: number): Row[] {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T;
  return Array.from({ length: count }, (_, i) => ({
    user: `u${random.int(12)}`,
    // No two at once: the order of equal times is the reader's.
    time: (random.int(40 * 60) * 10 + (i % 9)) * MINUTE + i,
    text: pick(['p', 'q', 'r', 's']),
    type: pick(['buy', 'view', 'view']),
    ...(random.int(3) > 0 ? { value: random.int(100) - 20 } : {}),
  }));
}

test.each(['P10D', 'P10D/P5D'])('features are those of a plain count over all rows, windows of %s', async (spec) => {
  const rows = randomRows(3, 900);
  const { events, windows, profiles, told } = await measured(rows, spec);
  expect(profiles.count).toBeGreaterThan(20);
  for (let p = 0; p < profiles.count; p++) {
    const user = events.users[profiles.user[p] as number] as string;
    const found = told(p);
    for (const [name, value] of Object.entries(plainly(rows, user, windows[profiles.window[p] as number] as TimeWindow))) {
      if (Number.isNaN(value)) expect(found[name], name).toBeNaN();
      else expect(found[name], name).toBeCloseTo(value, 9);
    }
  }
});

test('P2 features do not depend on the order of the rows, to the bit', async () => {
  const rows = randomRows(5, 300);
  const [one, two] = [await measured(rows), await measured([...rows].reverse())];
  expect(two.columns).toEqual(one.columns);
});

describe('robust scaling', () => {
  const { values, centre, scale, transformed } = sklearn;
  const columns = values.map((column) => Float64Array.from(column, (v) => v ?? Number.NaN));
  const rows = [...(columns[0] as Float64Array).keys()];

  test('median, interquartile range and values are those of scikit-learn, missing ones left out', () => {
    const found = fitScale(columns, rows);
    for (const [f, column] of columns.entries()) {
      expect(found.centre[f]).toBeCloseTo(centre[f] as number, 12);
      expect(found.spread[f]).toBeCloseTo(scale[f] as number, 12);
      for (const [r, value] of column.entries()) {
        const expected = transformed[f]?.[r] ?? 0;
        expect(scaled(found, f, value)).toBeCloseTo(Math.min(3, Math.max(-3, expected)), 12);
      }
    }
    expect(transformed.flat().some((z) => z !== null && Math.abs(z) > 3)).toBe(true);
  });

  test('a constant column, one of rounding alone, one that is not there: 0 for all', () => {
    const rounding = Float64Array.of(0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2);
    const found = fitScale([Float64Array.of(7, 7, 7, 7), rounding, new Float64Array(4).fill(Number.NaN)], [0, 1, 2, 3]);
    expect([...found.spread]).toEqual([0, 0, 0]);
    expect([scaled(found, 0, 9), scaled(found, 1, 0.3), scaled(found, 2, Number.NaN)]).toEqual([0, 0, 0]);
  });

  test('no row and one row give no spread', () => {
    expect([...fitScale([Float64Array.of(5)], []).spread]).toEqual([0]);
    expect([...fitScale([Float64Array.of(5)], [0]).spread]).toEqual([0]);
  });

  test('where most share one value the few that differ do so by their standard deviation', () => {
    const column = new Float64Array(100);
    column.fill(1, 0, 10);
    const found = fitScale([column], [...column.keys()]);
    expect(found.spread[0]).toBeCloseTo(1.349 * 0.3, 12);
  });
});

describe('[sqrt(1 - b) * v, sqrt(b / p) * z]', () => {
  test('v and z have their shares, and p counts the features that vary', async () => {
    const { profiles, columns, windows, plan } = await measured(randomRows(7, 500));
    const scales = await scalesOf(columns, profiles, windows.length, true, silentContext);
    const vectors = createMatrix(profiles.count, 3);
    for (let p = 0; p < profiles.count; p++) rowOf(vectors, p).set([0.6, 0, 0.8]);
    const joined = await joinBehaviour(vectors, columns, profiles, scales, 0.3, silentContext);
    expect([joined.rows, joined.cols]).toEqual([profiles.count, 3 + plan.features.length]);
    // Other types and the column of stays do not vary.
    const p = plan.features.length - 4;
    for (let row = 0; row < joined.rows; row++) {
      const [a, b, c, ...features] = rowOf(joined, row);
      expect([a, b, c].map((v, i) => (v as number) - Math.sqrt(0.7) * ([0.6, 0, 0.8][i] as number))).toEqual(
        [0, 0, 0].map(() => expect.closeTo(0, 6)),
      );
      for (const [f, z] of features.entries()) {
        const window = profiles.window[row] as number;
        const expected =
          Math.sqrt(0.3 / p) * scaled(scales[window] as ReturnType<typeof fitScale>, f, columns[f]?.[row] as number);
        expect(z).toBeCloseTo(expected, 6);
      }
    }
  });

  test('no profile, no row; nothing that varies, zeros beside the texts', async () => {
    const none = { window: new Uint32Array(0) };
    expect((await joinBehaviour(createMatrix(0, 2), [new Float64Array(0)], none, [], 0.5, silentContext)).rows).toBe(0);
    const scale = fitScale([Float64Array.of(4)], [0]);
    const one = { rows: 1, cols: 1, data: Float32Array.of(1) };
    const joined = await joinBehaviour(one, [Float64Array.of(4)], { window: Uint32Array.of(0) }, [scale], 1, silentContext);
    expect([...joined.data]).toEqual([0, 0]);
  });
});

describe('P8 without look-ahead', () => {
  const early = randomRows(11, 400);
  const later = randomRows(12, 400).map((r) => ({ ...r, time: r.time + 60 * DAY, type: 'swap', value: 1e6 }));

  test('later events, of types that are new too, change neither features nor scales of earlier windows', async () => {
    const of = async (rows: readonly Row[]) => {
      const found = await measured(rows, 'P10D', ALL, false);
      return { ...found, scales: await scalesOf(found.columns, found.profiles, found.windows.length, false, silentContext) };
    };
    const [cut, whole] = [await of(early), await of([...early, ...later])];
    expect(whole.plan.features).toEqual(cut.plan.features);
    const kept = cut.profiles.count;
    expect(whole.columns.map((c) => c.slice(0, kept))).toEqual(cut.columns);
    expect(whole.scales.slice(0, cut.windows.length)).toEqual(cut.scales);
  });

  test('with look-ahead they do, so that this can fail', async () => {
    const of = async (rows: readonly Row[]) => {
      const found = await measured(rows);
      const [scale] = await scalesOf(found.columns, found.profiles, found.windows.length, true, silentContext);
      return { plan: found.plan, scale };
    };
    const [cut, whole] = [await of(early), await of([...early, ...later])];
    expect(whole.plan.features).not.toEqual(cut.plan.features);
    expect(whole.scale).not.toEqual(cut.scale);
  });

  test('thin profiles shape no scale', async () => {
    const { columns, profiles } = await measured([
      ...early,
      ...Array.from({ length: 50 }, (_, i) => ({ user: `thin${i}`, time: i * MINUTE, type: 'buy', value: 1e9 })),
    ]);
    const mean = columns.length - 5;
    const full = [...profiles.thin.keys()].filter((p) => !profiles.thin[p]);
    expect((await scalesOf(columns, profiles, 1, true, silentContext))[0]).toEqual(fitScale(columns, full));
    expect(fitScale(columns, [...profiles.thin.keys()]).centre[mean]).not.toBe(fitScale(columns, full).centre[mean]);
  });
});
