import { type EventTable, NO_ID, type Settings, typeWeight } from '../domain/index.ts';

/**
 * The events whose type does not weigh 0, as if the others had never been in the files: they make no user, no text, no idf and no
 * window. Order is kept, and so is the order of the distinct values; `events` itself where nothing is muted.
 */
export function dropMuted(events: EventTable, settings: Pick<Settings, 'typeWeights'>): EventTable {
  const muted = events.types.map((type) => typeWeight(type, settings) === 0);
  if (!muted.includes(true)) return events;
  const heard = (_: number, e: number): boolean => !muted[events.type[e] as number];
  const take = (ids: Uint32Array): Uint32Array => ids.filter(heard);
  const user = compact(events.users, take(events.user));
  const text = compact(events.texts, take(events.text));
  const type = compact(events.types, take(events.type));
  const item = compact(events.items, take(events.item));
  const label = compact(events.labels, take(events.label));
  return {
    count: user.ids.length,
    users: user.values,
    texts: text.values,
    types: type.values,
    items: item.values,
    labels: label.values,
    user: user.ids,
    time: events.time.filter(heard),
    text: text.ids,
    type: type.ids,
    item: item.ids,
    label: label.ids,
    value: events.value.filter(heard),
    numbers: events.numbers.map(({ name, values }) => ({ name, values: values.filter(heard) })),
  };
}

/** Only the values that an id names, in their order, and the ids moved up accordingly. */
function compact(values: readonly string[], ids: Uint32Array): { values: string[]; ids: Uint32Array } {
  const used = new Uint8Array(values.length);
  for (const id of ids) if (id !== NO_ID) used[id] = 1;
  const moved = new Uint32Array(values.length);
  let next = 0;
  for (let id = 0; id < values.length; id++) if (used[id]) moved[id] = next++;
  return { values: values.filter((_, id) => used[id]), ids: ids.map((id) => (id === NO_ID ? NO_ID : (moved[id] as number))) };
}
