import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BEHAVIOURS,
  type Behaviour,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  type ExampleEvent,
  type ExampleUser,
  type Settings,
  type Survey,
} from '../domain/index.ts';
import type { SurveyState } from './app-state.ts';
import type { BehaviourColumns } from './example-behaviour.ts';
import { exampleProfile, examplesInWindows, knownTypes } from './examples.ts';
import { EMPTY_MAPPING } from './mapping.ts';
import { NO_SURVEY } from './survey.ts';
import { tableOf } from './tables.fixture.ts';

const at = (iso: string): number => Date.parse(`${iso}T00:00:00Z`);
const event = (day: string, text: string, type: string | null = null, usersWithText = 1): ExampleEvent => ({
  ...{ time: at(day), text, type, usersWithText, numbers: [] },
});
const ann = (events: readonly ExampleEvent[], users = 10): ExampleUser => ({ user: 'ann', users, events });

/** Of data from the start of January to the tenth of April 2024. */
const survey = (...examples: ExampleUser[]): Pick<Survey, 'examples' | 'overTime'> => ({
  examples,
  overTime: { from: 0, step: 1, counts: [1], first: at('2024-01-01'), last: at('2024-04-10') },
});
const set = (change: Partial<Settings>): Settings => ({ ...DEFAULT_SETTINGS, ...change });
const inWindow = (events: readonly ExampleEvent[], change: Partial<Settings> = {}) =>
  examplesInWindows(survey(ann(events)), set(change));

const NO_COLUMNS: BehaviourColumns = { numbers: [], types: [] };

describe('the window that an example is shown in', () => {
  const MONTHS = ['2024-01-05', '2024-02-05', '2024-04-05'].map((day) => event(day, day));

  it('is the last whole one that has events of the user', () => {
    expect(inWindow(MONTHS)).toMatchObject([
      { window: { name: '2024-02-01', partial: false }, events: [{ text: '2024-02-05' }] },
    ]);
  });

  it('is one that is not whole where there is no other', () => {
    expect(inWindow(MONTHS.slice(2))).toMatchObject([{ window: { name: '2024-04-01', partial: true } }]);
  });

  it('follows the windows that are set, and is none while they can’t be made', () => {
    expect(inWindow(MONTHS, { windows: 'P14D' })[0]?.window.name).toBe('2024-03-25');
    expect(inWindow(MONTHS, { windows: 'P28D/P7D' })[0]?.events.length).toBe(1);
    expect(inWindow(MONTHS, { windows: 'P14' })).toEqual([]);
    expect(inWindow(MONTHS, { timeZone: 'Nowhere' })).toEqual([]);
  });

  it('is none where nothing is kept', () => {
    expect(examplesInWindows({ ...survey(), overTime: { from: 0, step: 0, counts: [], first: 0, last: 0 } }, set({}))).toEqual(
      [],
    );
  });
});

describe('the profile of an example', () => {
  const EVENTS = [
    event('2024-02-01', 'tea', 'view', 9),
    event('2024-02-01', 'tea', 'view', 9),
    event('2024-02-20', 'boat', 'buy', 1),
    event('2024-02-25', 'tea', null, 9),
  ];
  const profileOf = (change: Partial<Settings>, events = EVENTS, columns: BehaviourColumns = NO_COLUMNS) => {
    const [example] = inWindow(events, change);
    if (!example) throw new Error('There is no window.');
    return exampleProfile(example, set(change), columns);
  };
  const shares = (change: Partial<Settings>) =>
    Object.fromEntries(profileOf(change).texts.map(({ text, plain, chosen }) => [text, [plain, chosen]]));

  it('without weights has the share of the events, plain and chosen', () => {
    expect(shares({})).toEqual({ tea: [0.75, 0.75], boat: [0.25, 0.25] });
    expect(profileOf({})).toMatchObject({ user: 'ann', window: '2024-02-01', events: 4, ofTexts: 1 });
  });

  it('weighs types; those that are not named and events without one weigh 1', () => {
    expect(shares({ typeWeights: { buy: 5 } }).boat).toEqual([0.25, 5 / 8]);
    expect(shares({ typeWeights: { view: 0 } })).toEqual({ tea: [0.75, 0.5], boat: [0.25, 0.5] });
  });

  it('halves with each half-life to the end of the window', () => {
    const weights = [2 ** -29 * 2 + 2 ** -5, 2 ** -10];
    const { tea, boat } = shares({ halfLifeDays: 1 });
    const all = (weights[0] as number) + (weights[1] as number);
    expect(tea?.[1]).toBeCloseTo((weights[0] as number) / all, 12);
    expect(boat?.[1]).toBeCloseTo((weights[1] as number) / all, 12);
  });

  it('weighs what few users have more, by idf over users', () => {
    const idf = (df: number): number => Math.log(11 / (1 + df)) + 1;
    expect(shares({ idf: true }).boat?.[1]).toBeCloseTo(idf(1) / (idf(1) + 3 * idf(9)), 12);
  });

  it('tells what each weight is the product of', () => {
    const [tea] = profileOf({ typeWeights: { view: 4 }, idf: true }).texts;
    expect(tea).toMatchObject({ text: 'tea', byType: 3, byAge: 1, byRarity: Math.log(11 / 10) + 1 });
    expect(profileOf({}).texts[0]?.byRarity).toBeNull();
  });

  it('leaves to behaviour the share that is set, if there is a feature', () => {
    expect(profileOf({ behaviour: { weight: 0.3, features: ['recency'] } }).ofTexts).toBe(0.7);
    expect(profileOf({ behaviour: { weight: 0.3, features: [] } }).ofTexts).toBe(1);
  });

  describe('tells what the user did', () => {
    const minute = (n: number, text: string, type: string | null, ...numbers: number[]): ExampleEvent => ({
      ...event('2024-02-01', text, type),
      ...{ time: at('2024-02-01') + n * 60_000, numbers },
    });
    // Two visits: of three events, and of one.
    const OWN = [
      minute(0, 'tea', 'view', 2),
      minute(10, 'tea', 'buy', Number.NaN),
      minute(14, 'boat', 'buy', 4),
      minute(100, 'sea', null, 6),
    ];
    const did = (types: readonly string[], numbers: readonly string[] = ['Price'], features: readonly Behaviour[] = BEHAVIOURS) =>
      profileOf({ behaviour: { weight: 0.3, features } }, OWN, { types, numbers }).behaviour;

    it('in plain units, by the columns that are there', () => {
      expect(did(['buy', 'view'])).toEqual([
        {
          behaviour: 'counts',
          byType: [
            { type: 'buy', value: 2 },
            { type: null, value: 1 },
            { type: 'view', value: 1 },
          ],
        },
        {
          behaviour: 'rates',
          byType: [
            { type: 'buy', value: 0.5 },
            { type: null, value: 0.25 },
            { type: 'view', value: 0.25 },
          ],
        },
        { behaviour: 'frequency', purchases: true, aDay: 1 / 29 },
        { behaviour: 'duration', sum: 14, mean: 7 },
        { behaviour: 'numbers', columns: [{ name: 'Price', sum: 12, mean: 4 }] },
        { behaviour: 'recency', days: 29 - 100 / 1440 },
        { behaviour: 'entropy', bits: 1.5 },
      ]);
    });

    it('by what is chosen alone, and nothing where behaviour weighs nothing', () => {
      expect(did(['view'], [], ['frequency'])).toEqual([{ behaviour: 'frequency', purchases: false, aDay: 2 / 29 }]);
      expect(did([], []).map(({ behaviour }) => behaviour)).toEqual(['counts', 'frequency', 'duration', 'recency', 'entropy']);
      expect(profileOf({ behaviour: { weight: 0, features: BEHAVIOURS } }).behaviour).toEqual([]);
    });
  });

  it('is all 0 where all types weigh 0, and never NaN', () => {
    const events = [event('2024-02-01', 'tea', 'view')];
    expect(profileOf({ typeWeights: { view: 0 } }, events).texts).toMatchObject([{ plain: 1, chosen: 0 }]);
  });

  it('has shares that add up to one, plain and chosen, whatever is set', () => {
    const events = fc.array(
      fc.record({
        time: fc.integer({ min: at('2024-02-01'), max: at('2024-03-01') - 1 }),
        text: fc.constantFrom('a', 'b', 'c'),
        type: fc.constantFrom(null, 'view', 'buy'),
        usersWithText: fc.integer({ min: 1, max: 10 }),
        numbers: fc.constant([]),
      }),
      { minLength: 1, maxLength: 30 },
    );
    const settings = fc.record({
      halfLifeDays: fc.option(fc.double({ min: 1, max: 100, noNaN: true })),
      idf: fc.boolean(),
      typeWeights: fc.record({ view: fc.double({ min: 0.01, max: 9, noNaN: true }) }),
    });
    fc.assert(
      fc.property(events, settings, (own, change) => {
        const { texts } = profileOf(change, own);
        expect(texts.reduce((sum, t) => sum + t.plain, 0)).toBeCloseTo(1, 9);
        expect(texts.reduce((sum, t) => sum + t.chosen, 0)).toBeCloseTo(1, 9);
        expect(texts.reduce((sum, t) => sum + t.events, 0)).toBe(own.length);
      }),
    );
  });
});

describe('types that are known', () => {
  const column = (name: string, values: readonly string[]) => ({ name, top: values.map((value) => ({ value, count: 1 })) });
  const quality = [{ table: 'a.csv', columns: [column('who', ['x']), column('kind', ['view', 'buy'])] }];
  const surveyed = {
    ...NO_SURVEY,
    survey: { quality, examples: [ann([event('2024-02-01', 't', 'rare')])] } as unknown as Survey,
  };
  const previews = [
    tableOf('a.csv', ['who', 'kind'], {
      rows: [
        ['x', ' leave '],
        ['y', 'NA'],
        ['z', ''],
        ['z', 'buy'],
      ],
    }),
  ];
  const known = (type: string | null, survey: SurveyState = surveyed) =>
    knownTypes({ mapping: { ...EMPTY_MAPPING, type }, previews, intake: DEFAULT_INTAKE, survey });

  it('are the frequent ones of all rows first, then those of examples and first rows', () => {
    expect(known('kind')).toEqual(['view', 'buy', 'rare', 'leave']);
    expect(known('kind', NO_SURVEY)).toEqual(['leave', 'buy']);
    expect(known(null)).toEqual([]);
  });
});
