import { type EventTable, NO_ID, type Settings, smoothedIdf, type TimeWindow } from '../domain/index.ts';

/** How much a text weighs in a window for being rare. */
export type Rarity = (text: number, window: TimeWindow) => number;

/** The settings' idf over these events; null where texts weigh alike. */
export function rarityOf(events: EventTable, { idf, lookAhead }: Pick<Settings, 'idf' | 'lookAhead'>): Rarity | null {
  if (!idf) return null;
  if (!lookAhead) return rarityUpTo(events);
  const all = inverseUserFrequency(events);
  return (text) => all[text] as number;
}

/** idf = ln((1 + N) / (1 + df)) + 1 over users; df = users who have the text. One entry a text. */
export function inverseUserFrequency(events: EventTable): Float64Array {
  const usersWith = new Float64Array(events.texts.length);
  for (const text of firstEncounters(events).text) usersWith[text] = (usersWith[text] as number) + 1;
  return usersWith.map((df) => smoothedIdf(events.users.length, df));
}

/** The same over the users and texts of events before the end of the window. Memory: 8 bytes for each text of each user. */
function rarityUpTo(events: EventTable): Rarity {
  const { text: texts, time: times } = firstEncounters(events);
  const offsets = new Uint32Array(events.texts.length + 1);
  for (const text of texts) offsets[text + 1] = (offsets[text + 1] as number) + 1;
  for (let t = 0; t < events.texts.length; t++) offsets[t + 1] = (offsets[t + 1] as number) + (offsets[t] as number);
  const sorted = new Float64Array(texts.length);
  const next = offsets.slice();
  for (const [i, text] of texts.entries()) {
    const at = next[text] as number;
    sorted[at] = times[i] as number;
    next[text] = at + 1;
  }
  for (let t = 0; t < events.texts.length; t++) sorted.subarray(offsets[t], offsets[t + 1]).sort();
  const arrivals = firstTimes(events).sort();
  return (text, { end }) => {
    const users = countBefore(arrivals, 0, arrivals.length, end);
    return smoothedIdf(users, countBefore(sorted, offsets[text] as number, offsets[text + 1] as number, end));
  };
}

/** Each text of each user once, with the time of its first event: events of a user are in order of time. */
function firstEncounters(events: EventTable): { text: number[]; time: number[] } {
  const lastUser = new Uint32Array(events.texts.length).fill(NO_ID);
  const found = { text: [] as number[], time: [] as number[] };
  for (let e = 0; e < events.count; e++) {
    const text = events.text[e] as number;
    if (lastUser[text] === events.user[e]) continue;
    lastUser[text] = events.user[e] as number;
    found.text.push(text);
    found.time.push(events.time[e] as number);
  }
  return found;
}

/** The time of each user's first event. */
function firstTimes(events: EventTable): Float64Array {
  const starts: number[] = [];
  for (let e = 0; e < events.count; e++)
    if (e === 0 || events.user[e] !== events.user[e - 1]) starts.push(events.time[e] as number);
  return Float64Array.from(starts);
}

/** How many of the ascending values [from, to) are below `end`. */
function countBefore(values: Float64Array, from: number, to: number, end: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < end) low = middle + 1;
    else high = middle;
  }
  return low - from;
}

/** The idf of a finished run, kept for data to come. */
export interface FrozenRarity {
  readonly known: ReadonlyMap<string, number>;
  /** Of a text that no one had. */
  readonly unknown: number;
}

export function freezeRarity(events: EventTable): FrozenRarity {
  const idf = inverseUserFrequency(events);
  return {
    known: new Map(events.texts.map((text, id) => [text, idf[id] as number])),
    unknown: smoothedIdf(events.users.length, 0),
  };
}

/** @param texts of the events that are weighed, by id. */
export function thawRarity({ known, unknown }: FrozenRarity, texts: readonly string[]): Rarity {
  const idf = texts.map((text) => known.get(text) ?? unknown);
  return (text) => idf[text] as number;
}
