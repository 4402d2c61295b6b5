import { createRandom, type EventTable, type ProfileTable, shuffle, type TimeWindow } from '../domain/index.ts';

/**
 * The events of one window, each user's dealt at random into two halves (an odd one to either by chance); only users with at least
 * `2 x minEvents` of them, so that no half is thin. Both tables stay in canonical order and keep the ids of `events`.
 * @param users Ids of the users to be halved, with profiles in the window.
 */
export function splitEvents(
  events: EventTable,
  window: TimeWindow,
  users: ReadonlySet<number>,
  seed: number,
): [EventTable, EventTable] {
  const random = createRandom(seed);
  const halves: [number[], number[]] = [[], []];
  for (let from = 0; from < events.count; ) {
    const user = events.user[from] as number;
    const own: number[] = [];
    let at = from;
    for (; at < events.count && events.user[at] === user; at++) {
      const time = events.time[at] as number;
      if (time >= window.start && time < window.end) own.push(at);
    }
    if (users.has(user)) deal(own, halves, random);
    from = at;
  }
  return [takeEvents(events, halves[0]), takeEvents(events, halves[1])];
}

function deal(own: number[], [a, b]: [number[], number[]], random: ReturnType<typeof createRandom>): void {
  const mixed = shuffle(own.slice(), random);
  const extra = own.length % 2 === 1 && random.int(2) === 1 ? 1 : 0;
  const inA = new Set(mixed.slice(0, (own.length >> 1) + extra));
  for (const event of own) (inA.has(event) ? a : b).push(event);
}

/** Users with at least `least` events in the window and a profile there that is not thin, as ids. */
export function usersWithEvents(profiles: ProfileTable, window: number, least: number): Set<number> {
  const users = new Set<number>();
  for (let p = 0; p < profiles.count; p++) {
    if (profiles.window[p] === window && !profiles.thin[p] && (profiles.events[p] as number) >= least) {
      users.add(profiles.user[p] as number);
    }
  }
  return users;
}

/** The events of the given rows, ascending; ids mean the same as before. */
function takeEvents(events: EventTable, rows: readonly number[]): EventTable {
  const pick = (ids: Uint32Array): Uint32Array => Uint32Array.from(rows, (r) => ids[r] as number);
  return {
    ...events,
    count: rows.length,
    user: pick(events.user),
    time: Float64Array.from(rows, (r) => events.time[r] as number),
    text: pick(events.text),
    type: pick(events.type),
    item: pick(events.item),
    label: pick(events.label),
    value: Float64Array.from(rows, (r) => events.value[r] as number),
    numbers: events.numbers.map(({ name, values }) => ({ name, values: Float64Array.from(rows, (r) => values[r] as number) })),
  };
}
