import { describe, expect, test } from 'vitest';
import { BEHAVIOURS, DEFAULT_SETTINGS } from '../../domain/index.ts';
import { type BehaviourPart, EMPTY_MAPPING } from '../../state/index.ts';
import { behaviourLack, behaviourWords, exampleWords, partWords, profilesSummary, shareWords } from './words.ts';

describe('words of profiles', () => {
  test.each([
    [0, BEHAVIOURS, /what they do does not count/],
    [0.3, BEHAVIOURS, /^70 % what they read, 30 % how they behave\.$/],
    [1, BEHAVIOURS, /what they read does not count/],
    [0.3, [], /by what they read alone/],
  ] as const)('a weight of behaviour of %d with %o says what it means', (weight, features, words) => {
    expect(behaviourWords({ weight, features })).toMatch(words);
  });

  test('a part of behaviour that the columns can’t give says what it needs', () => {
    const lacking = (mapping: Partial<typeof EMPTY_MAPPING>) =>
      BEHAVIOURS.filter((behaviour) => behaviourLack(behaviour, { ...EMPTY_MAPPING, ...mapping }) !== null);
    expect(lacking({})).toEqual(['rates', 'numbers']);
    expect(lacking({ type: 'kind', value: 'price' })).toEqual([]);
    expect(lacking({ type: 'kind', numbers: ['stars'] })).toEqual([]);
  });

  test('a share tells its factors, and only those that are not one', () => {
    const share = { text: 'Tea', events: 2, plain: 0.5, chosen: 0.25, byType: 1, byAge: 1, byRarity: null };
    expect(shareWords(share)).toBe('Tea: 2 events. 50 % of the texts without weights, 25 % with them.');
    expect(shareWords({ ...share, byType: 3, byAge: 0.0123, byRarity: 1.5 })).toContain(
      '(type × 3.00, age × 0.012, rarity × 1.50)',
    );
  });

  test('an example tells its window, and that it is not whole', () => {
    const profile = { user: 'u', window: '2024-05-01', partial: false, events: 1, texts: [], ofTexts: 1, behaviour: [] };
    expect(exampleWords(profile)).toBe('1 event in the window from 2024-05-01');
    expect(exampleWords({ ...profile, partial: true })).toMatch(/, which is not whole$/);
  });
});

const typed = (...values: readonly [type: string | null, value: number][]) => values.map(([type, value]) => ({ type, value }));

test.each<[BehaviourPart, string]>([
  [{ behaviour: 'counts', byType: typed([null, 1]) }, '1 event'],
  [{ behaviour: 'counts', byType: typed(['view', 1200], [null, 3]) }, '1,200 view, 3 without a type'],
  [
    { behaviour: 'rates', byType: typed(['a', 0.5], ['b', 0.25], ['c', 0.125], ['d', 0.125]) },
    '50 % a, 25 % b, 13 % c, 13 % of other types',
  ],
  [{ behaviour: 'frequency', purchases: true, aDay: 1 / 3 }, '0.333 purchases a day'],
  [{ behaviour: 'frequency', purchases: false, aDay: 2 }, '2 visits a day'],
  [{ behaviour: 'duration', sum: 35.26, mean: 2.1 }, '35.3 min, 2.1 on one event'],
  [{ behaviour: 'duration', sum: 0, mean: Number.NaN }, 'one event a visit'],
  [
    {
      behaviour: 'numbers',
      columns: [
        { name: 'Price', sum: 12345.6, mean: -0.5 },
        { name: 'Stars', sum: Number.NaN, mean: Number.NaN },
      ],
    },
    'Price 12,346, mean -0.5; Stars never given',
  ],
  [{ behaviour: 'recency', days: 3.25 }, '3.25 days before the end'],
  [{ behaviour: 'entropy', bits: 2 }, '2 bits'],
])('%o is told in plain units', (part, words) => {
  expect(partWords(part)).toBe(words);
});

test('the line of the folded profiles says what is set, and that nothing is', () => {
  expect(profilesSummary(DEFAULT_SETTINGS)).toBe('every event alike');
  const set = { typeWeights: { buy: 3, view: 1 }, halfLifeDays: 30, idf: true, behaviour: { weight: 0.3, features: BEHAVIOURS } };
  expect(profilesSummary({ ...DEFAULT_SETTINGS, ...set })).toBe('types weighed · half-life 30 d · TF-IDF · 30 % behaviour');
});
