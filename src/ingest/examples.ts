import { compareCodePoints, type ExampleEvent, type ExampleUser, NO_ID } from '../domain/index.ts';
import type { Draft } from './draft.ts';
import { groupByUser, type Ranks } from './order.ts';

/** A user with fewer events is thin in any window, one with more is shown cut off: others are chosen as long as there are any. */
const FEWEST = 3;
const MOST = 500;

interface Tally {
  readonly user: number;
  readonly events: number;
  /** Distinct types, or texts where no event has a type. */
  readonly kinds: number;
}

/**
 * Three users to show what weights do: one with few events, one with many, one with the most kinds of them; fewer where there are fewer
 * users. Ties go by kinds, events, and the code points of the name, so that the order of rows does not matter (P2).
 * @param kept rows that become events
 * @param text of the kept rows, one entry a kept row
 * @param numbers columns of numbers, one entry a row of the draft
 */
export function exampleUsers(draft: Draft, kept: Uint32Array, text: Ranks, numbers: readonly Float64Array[]): ExampleUser[] {
  const { words } = draft.user;
  const user = kept.map((row) => draft.user.id[row] as number);
  const { order, begin } = groupByUser(user, words.length);
  const type = kept.map((row) => draft.type.id[row] as number);
  const kinds = kindsOf(order, begin, type.some((id) => id !== NO_ID) ? type : text.id);
  const tallies: Tally[] = [];
  for (let u = 0; u < words.length; u++) {
    const events = (begin[u + 1] as number) - (begin[u] as number);
    if (events > 0) tallies.push({ user: u, events, kinds: kinds[u] as number });
  }
  const withText = usersOfTexts(order, begin, text);
  const eventOf = (k: number) => {
    const row = kept[k] as number;
    return {
      rank: text.id[k] as number,
      time: draft.time[row] as number,
      type: draft.type.words[type[k] as number] ?? null,
      numbers: numbers.map((column) => column[row] as number),
    };
  };
  const eventsOf = (u: number): ExampleEvent[] =>
    Array.from(order.subarray(begin[u], begin[u + 1]), eventOf)
      .sort(
        (a, b) =>
          a.time - b.time ||
          a.rank - b.rank ||
          compareCodePoints(a.type ?? '', b.type ?? '') ||
          compareNumbers(a.numbers, b.numbers),
      )
      .slice(-MOST)
      .map(({ rank, ...event }) => ({
        ...event,
        text: text.words[rank] as string,
        usersWithText: withText[rank] as number,
      }));
  return chosen(tallies, words).map((u) => ({ user: words[u] as string, users: tallies.length, events: eventsOf(u) }));
}

/** By the first that differ; a missing one comes last. */
function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, i) => !Object.is(number, b[i]));
  if (at < 0) return 0;
  const [left = Number.NaN, right = Number.NaN] = [a[at], b[at]];
  return Number.isNaN(left) ? 1 : Number.isNaN(right) ? -1 : left - right;
}

/** Distinct ids among each user's rows. */
function kindsOf(order: Uint32Array, begin: Uint32Array, id: Uint32Array): Uint32Array {
  const kinds = new Uint32Array(begin.length - 1);
  for (let u = 0; u < kinds.length; u++) {
    const own = new Set<number>();
    for (let i = begin[u] as number; i < (begin[u + 1] as number); i++) own.add(id[order[i] as number] as number);
    own.delete(NO_ID);
    kinds[u] = own.size;
  }
  return kinds;
}

/** Users that have each text. */
function usersOfTexts(order: Uint32Array, begin: Uint32Array, { id, words }: Ranks): Uint32Array {
  const users = new Uint32Array(words.length);
  // The user that had the text last, + 1.
  const last = new Uint32Array(words.length);
  for (let u = 0; u + 1 < begin.length; u++) {
    for (let i = begin[u] as number; i < (begin[u + 1] as number); i++) {
      const text = id[order[i] as number] as number;
      if (last[text] === u + 1) continue;
      last[text] = u + 1;
      users[text] = (users[text] as number) + 1;
    }
  }
  return users;
}

function chosen(tallies: readonly Tally[], names: readonly string[]): number[] {
  let left = tallies;
  const take = (better: (a: Tally, b: Tally) => number): number[] => {
    const order = (a: Tally, b: Tally): number =>
      better(a, b) ||
      b.kinds - a.kinds ||
      b.events - a.events ||
      compareCodePoints(names[a.user] as string, names[b.user] as string);
    const [first, ...others] = usable(left);
    if (!first) return [];
    const best = others.reduce((a, b) => (order(a, b) <= 0 ? a : b), first);
    left = left.filter(({ user }) => user !== best.user);
    return [best.user];
  };
  const varied = take((a, b) => b.kinds - a.kinds);
  const busy = take((a, b) => b.events - a.events);
  const quiet = take((a, b) => a.events - b.events);
  return [...quiet, ...busy, ...varied];
}

const usable = (tallies: readonly Tally[]): readonly Tally[] => {
  const fit = tallies.filter(({ events }) => events >= FEWEST && events <= MOST);
  return fit.length > 0 ? fit : tallies;
};
