import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, type ExampleUser, NO_LANGUAGES, shuffle, silentContext } from '../domain/index.ts';
import { clean } from './clean/clean.ts';
import { type DraftRow, draftOf, intakeOf, MAPPING } from './clean/draft.fixture.ts';
import { lookAtTexts } from './look-at-texts.ts';

async function lookAt(rows: readonly DraftRow[], look = (_: readonly string[]) => NO_LANGUAGES) {
  const draft = draftOf(rows);
  return lookAtTexts(draft, await clean(draft, intakeOf({}), MAPPING, silentContext), MAPPING, look, silentContext);
}

const word = fc.constantFrom('a', 'b', 'cc', '字', '😀');
const typed = fc.record({
  user: word,
  time: fc.nat(5),
  text: fc.option(fc.constantFrom('t', 'u', 'long', 'é')),
  type: fc.constantFrom('view', 'buy', 'rate', null),
  value: fc.constantFrom(1, 2.5, Number.NaN),
});
const row = typed.map(({ type, ...rest }): DraftRow => (type === null ? rest : { ...rest, type }));
const rowsOf = fc.array(row, { maxLength: 60, size: 'max' });

const namesOf = (examples: readonly ExampleUser[]): string[] => examples.map(({ user }) => user);
const visits = (user: string, events: number, types: readonly string[] = ['view']): DraftRow[] =>
  Array.from({ length: events }, (_, i) => ({ user, time: i, text: `t${i}`, type: types[i % types.length] as string }));

describe('what a survey says of texts and users', () => {
  test('P2 the order of rows does not matter, but for which texts are shown', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.nat(), async (rows, seed) => {
        const mixed = [...rows];
        shuffle(mixed, createRandom(seed));
        const seen: (readonly string[])[] = [];
        const look = (texts: readonly string[]) => {
          seen.push(texts);
          return NO_LANGUAGES;
        };
        const { texts: _, ...before } = await lookAt(rows, look);
        const { texts: __, ...after } = await lookAt(mixed, look);
        expect(after).toEqual(before);
        expect(seen[1]).toEqual(seen[0]);
      }),
    );
  });

  test('each distinct text of an event is counted once, and an example knows how many users have it', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, async (rows) => {
        const events = rows.filter(({ text }) => text !== null);
        const { distinctTexts, texts, examples } = await lookAt(rows);
        const distinct = new Set(events.map(({ text }) => text as string));
        expect(distinctTexts).toBe(distinct.size);
        expect(texts.every((text) => distinct.has(text))).toBe(true);
        expect(new Set(texts).size).toBe(texts.length);
        expect(texts.length > 0).toBe(distinct.size > 0);
        for (const { user, users, events: own } of examples) {
          expect(users).toBe(new Set(events.map((e) => e.user)).size);
          expect(own.map(({ time }) => time)).toEqual(events.flatMap((e) => (e.user === user ? [e.time as number] : [])).sort());
          const values = events.flatMap((e) => (e.user === user ? [e.value as number] : []));
          expect(own.map(({ numbers }) => String(numbers)).sort()).toEqual(values.map(String).sort());
          for (const { text, usersWithText } of own) {
            expect(usersWithText).toBe(new Set(events.flatMap((e) => (e.text === text ? [e.user] : []))).size);
          }
        }
      }),
    );
  });

  test('examples are one user with few events, one with many, and one with the most kinds', async () => {
    const rows = [
      ...visits('thin', 2),
      ...visits('few', 3),
      ...visits('usual', 20),
      ...visits('busy', 90),
      ...visits('varied', 12, ['view', 'buy', 'rate']),
      ...visits('bot', 900, ['view', 'buy', 'rate', 'leave']),
    ];
    expect(namesOf((await lookAt(rows)).examples)).toEqual(['few', 'busy', 'varied']);
  });

  test('without types, kinds are texts', async () => {
    const same = Array.from({ length: 9 }, (_, i): DraftRow => ({ user: 'same', time: i, text: 'only' }));
    const rows = [
      ...same,
      ...visits('many', 5).map(({ type: _, ...rest }) => rest),
      ...visits('some', 4).map(({ type: _, ...rest }) => rest),
    ];
    expect(namesOf((await lookAt(rows)).examples)).toEqual(['some', 'same', 'many']);
  });

  test.each([
    [[], []],
    [visits('a', 1), ['a']],
    [
      [...visits('a', 1), ...visits('b', 2)],
      ['a', 'b'],
    ],
    [visits('bot', 501), ['bot']],
  ])('with fewer than three users, all of them are examples: %#', async (rows, names) => {
    expect(namesOf((await lookAt(rows)).examples).sort()).toEqual(names);
  });

  test('of a user with more than 500 events the newest are told, newest last', async () => {
    const [only] = (await lookAt(visits('bot', 700))).examples;
    expect([only?.events.length, only?.events[0]?.time, only?.events.at(-1)?.time]).toEqual([500, 200, 699]);
  });

  test('the texts shown come from all parts of the rows', async () => {
    const rows = Array.from({ length: 800 }, (_, i): DraftRow => ({ user: 'u', time: i, text: `part ${Math.floor(i / 100)}` }));
    expect((await lookAt(rows)).texts).toEqual(Array.from({ length: 8 }, (_, i) => `part ${i}`));
  });
});
