import { type EventTable, firstEndingAfter, hashString, type JobContext, type TimeWindow } from '../domain/index.ts';

/** What a window is made of: its bounds, its name, and a hash of its events. The same print is the same data. */
export type WindowPrint = string;

/** Events between two checkpoints. */
const BATCH = 20_000;

/**
 * One print a window. Hashes are of the values, not of their ids, which other events shift: two of 32 bits each, over the events of the
 * window in canonical order. `windows` ascend by start and end.
 */
export async function printWindows(events: EventTable, windows: readonly TimeWindow[], ctx: JobContext): Promise<WindowPrint[]> {
  const lanes = [new Lane(events, windows.length, 0), new Lane(events, windows.length, 1)];
  const counts = new Uint32Array(windows.length);
  for (let e = 0; e < events.count; e++) {
    if (e % BATCH === 0) await ctx.checkpoint();
    const time = events.time[e] as number;
    for (const lane of lanes) lane.read(e);
    for (let w = firstEndingAfter(windows, time); w < windows.length && (windows[w] as TimeWindow).start <= time; w++) {
      counts[w] = (counts[w] as number) + 1;
      for (const lane of lanes) lane.addTo(w);
    }
  }
  return windows.map(
    ({ start, end, name }, w) => `${name} ${start} ${end} ${counts[w]} ${lanes.map((lane) => lane.told(w)).join(' ')}`,
  );
}

/** One of the hashes: of each window, and of the event that was read last. */
class Lane {
  readonly #users: Uint32Array;
  readonly #texts: Uint32Array;
  readonly #types: Uint32Array;
  readonly #items: Uint32Array;
  readonly #labels: Uint32Array;
  readonly #sums: Uint32Array;
  readonly #bits = new DataView(new ArrayBuffer(16));
  #own = 0;

  constructor(
    private readonly events: EventTable,
    windows: number,
    seed: number,
  ) {
    const hash = (values: readonly string[]): Uint32Array => Uint32Array.from(values, (value) => hashString(value, seed));
    this.#users = hash(events.users);
    this.#texts = hash(events.texts);
    this.#types = hash(events.types);
    this.#items = hash(events.items);
    this.#labels = hash(events.labels);
    this.#sums = new Uint32Array(windows);
  }

  read(e: number): void {
    const { events } = this;
    this.#bits.setFloat64(0, events.time[e] as number);
    this.#bits.setFloat64(8, events.value[e] as number);
    this.#own = mixed(0, this.#users[events.user[e] as number]);
    this.#own = mixed(this.#own, this.#texts[events.text[e] as number]);
    this.#own = mixed(this.#own, this.#types[events.type[e] as number]);
    this.#own = mixed(this.#own, this.#items[events.item[e] as number]);
    this.#own = mixed(this.#own, this.#labels[events.label[e] as number]);
    for (let at = 0; at < 16; at += 4) this.#own = mixed(this.#own, this.#bits.getUint32(at));
    for (const { values } of events.numbers) this.#readNumber(values[e] as number);
  }

  #readNumber(value: number): void {
    this.#bits.setFloat64(0, value);
    for (let at = 0; at < 8; at += 4) this.#own = mixed(this.#own, this.#bits.getUint32(at));
  }

  addTo(window: number): void {
    this.#sums[window] = mixed(this.#sums[window] as number, this.#own);
  }

  told = (window: number): string => (this.#sums[window] as number).toString(16);
}

/** The first window whose print is another one, or that one of the two does not have. */
export function firstTouched(before: readonly WindowPrint[], after: readonly WindowPrint[]): number {
  const at = after.findIndex((print, w) => print !== before[w]);
  return at < 0 ? after.length : at;
}

/** The scrambling step of MurmurHash3; a value that is not there counts as one of its own. */
function mixed(sum: number, part = 0x9e3779b9): number {
  let k = Math.imul(part, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = sum ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) >>> 0;
}
