import { type EventTable, hashString, type TimeWindow } from '../domain/index.ts';

/** What a window is made of: its bounds, its name, and a hash of its events. The same print is the same data. */
export type WindowPrint = string;

/**
 * One print a window. Hashes are of the values, not of their ids, which other events shift: two of 32 bits each, over the events of the
 * window in canonical order. `windows` ascend by start and end.
 */
export function printWindows(events: EventTable, windows: readonly TimeWindow[]): WindowPrint[] {
  const lanes = [0, 1].map((seed) => {
    const hash = (values: readonly string[]): Uint32Array => Uint32Array.from(values, (value) => hashString(value, seed));
    return {
      ...{ users: hash(events.users), texts: hash(events.texts), types: hash(events.types) },
      ...{ items: hash(events.items), labels: hash(events.labels), sums: new Uint32Array(windows.length) },
    };
  });
  const bits = new DataView(new ArrayBuffer(16));
  const counts = new Uint32Array(windows.length);
  for (let e = 0; e < events.count; e++) {
    const time = events.time[e] as number;
    bits.setFloat64(0, time);
    bits.setFloat64(8, events.value[e] as number);
    const own = lanes.map(({ users, texts, types, items, labels }) =>
      [users[events.user[e] as number], texts[events.text[e] as number], types[events.type[e] as number]]
        .concat(items[events.item[e] as number], labels[events.label[e] as number])
        .concat(bits.getUint32(0), bits.getUint32(4), bits.getUint32(8), bits.getUint32(12))
        .reduce<number>((sum, part) => mixed(sum, part ?? 0x9e3779b9), 0),
    );
    for (let w = firstEndingAfter(windows, time); w < windows.length && (windows[w] as TimeWindow).start <= time; w++) {
      counts[w] = (counts[w] as number) + 1;
      for (const [i, { sums }] of lanes.entries()) sums[w] = mixed(sums[w] as number, own[i] as number);
    }
  }
  const hashes = (w: number): string => lanes.map(({ sums }) => (sums[w] as number).toString(16)).join(' ');
  return windows.map(({ start, end, name }, w) => `${name} ${start} ${end} ${counts[w]} ${hashes(w)}`);
}

/** The first window whose print is another one, or that one of the two does not have. */
export function firstTouched(before: readonly WindowPrint[], after: readonly WindowPrint[]): number {
  const at = after.findIndex((print, w) => print !== before[w]);
  return at < 0 ? after.length : at;
}

/** The scrambling step of MurmurHash3. */
function mixed(sum: number, part: number): number {
  let k = Math.imul(part, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = sum ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) >>> 0;
}

/** The first window with end > time. */
function firstEndingAfter(windows: readonly TimeWindow[], time: number): number {
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle] as TimeWindow).end > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
