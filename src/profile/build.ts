import {
  decay,
  type EventTable,
  hashString,
  type JobContext,
  NO_ID,
  type ProfileTable,
  type Settings,
  type TimeWindow,
  typeWeight,
} from '../domain/index.ts';
import { type Rarity, rarityOf } from './idf.ts';
import { endOfUser, type Visit, visitsByWindow } from './visits.ts';

/** Events between two checkpoints: a few milliseconds. */
const BATCH = 20_000;

/** A profile while it is being built. */
interface Draft {
  readonly user: number;
  readonly window: number;
  readonly events: number;
  readonly label: number;
  readonly textIds: readonly number[];
  readonly weights: readonly number[];
}

/**
 * One profile a user and window with at least one event. An event weighs
 * a(type) * 2^(-(window.end - time) / halfLife) * idf(text), with a = 1 for types without a weight; half-life and idf
 * only where set, the latter over these events or as handed in (`rarity`: part of a run is weighed as the whole). With rolling windows an event counts in every window that holds it.
 *
 * `events` in canonical order and without those of a type that weighs 0 (`dropMuted`), `windows` ascending by start (and so by end). Weights are summed in event order in float64. A
 * half-life under about a hundredth of the window may round weights to zero in float32.
 */
export async function buildProfiles(
  events: EventTable,
  windows: readonly TimeWindow[],
  settings: Settings,
  ctx: JobContext,
  rarity: Rarity | null = rarityOf(events, settings),
): Promise<ProfileTable> {
  const weigher = createWeigher(events, windows, settings, rarity);
  const drafts: Draft[] = [];
  let sinceCheck = 0;
  for (let from = 0; from < events.count; ) {
    const to = endOfUser(events, from);
    drafts.push(...visitsByWindow(events, windows, from, to).map((visits) => draftOf(events, visits, weigher)));
    sinceCheck += to - from;
    if (sinceCheck >= BATCH) {
      sinceCheck = 0;
      ctx.progress(to, events.count);
      await ctx.checkpoint();
    }
    from = to;
  }
  sortDrafts(drafts, events.users);
  ctx.progress(events.count, events.count);
  return packDrafts(drafts, settings.minEvents);
}

/** Weights of events. */
interface Weigher {
  weigh(event: number, window: number): number;
}

function createWeigher(events: EventTable, windows: readonly TimeWindow[], settings: Settings, rarity: Rarity | null): Weigher {
  const byType = Float64Array.from(events.types, (type) => typeWeight(type, settings));
  const ofType = (type: number): number => (type === NO_ID ? typeWeight(null, settings) : (byType[type] as number));
  return {
    weigh: (event, window) => {
      const at = windows[window] as TimeWindow;
      const age = at.end - (events.time[event] as number);
      const rare = rarity?.(events.text[event] as number, at) ?? 1;
      return ofType(events.type[event] as number) * decay(age, settings) * rare;
    },
  };
}

function draftOf(events: EventTable, visits: readonly Visit[], weigher: Weigher): Draft {
  const { event, window } = visits[0] as Visit;
  const byText = new Map<number, number>();
  for (const visit of visits) {
    const text = events.text[visit.event] as number;
    byText.set(text, (byText.get(text) ?? 0) + weigher.weigh(visit.event, window));
  }
  const textIds = [...byText.keys()].sort((a, b) => a - b);
  return {
    user: events.user[event] as number,
    window,
    events: visits.length,
    label: mostFrequentLabel(events, visits),
    textIds,
    weights: textIds.map((id) => byText.get(id) as number),
  };
}

function mostFrequentLabel(events: EventTable, visits: readonly Visit[]): number {
  const counts = new Map<number, number>();
  for (const { event } of visits) {
    const label = events.label[event] as number;
    if (label !== NO_ID) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  let best = NO_ID;
  for (const [label, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && label < best)) best = label;
  }
  return best;
}

function sortDrafts(drafts: Draft[], users: readonly string[]): void {
  const hashes = Uint32Array.from(users, (user) => hashString(user));
  const hash = (d: Draft): number => hashes[d.user] as number;
  // Users are sorted by code points, so their ids order them.
  drafts.sort((a, b) => a.window - b.window || hash(a) - hash(b) || a.user - b.user);
}

function packDrafts(drafts: readonly Draft[], minEvents: number): ProfileTable {
  const offsets = new Uint32Array(drafts.length + 1);
  drafts.forEach((d, i) => {
    offsets[i + 1] = (offsets[i] as number) + d.textIds.length;
  });
  const total = offsets[drafts.length] as number;
  const textIds = new Uint32Array(total);
  const weights = new Float32Array(total);
  drafts.forEach((d, i) => {
    textIds.set(d.textIds, offsets[i]);
    weights.set(d.weights, offsets[i]);
  });
  return {
    count: drafts.length,
    user: Uint32Array.from(drafts, (d) => d.user),
    window: Uint32Array.from(drafts, (d) => d.window),
    events: Uint32Array.from(drafts, (d) => d.events),
    thin: Uint8Array.from(drafts, (d) => (d.events < minEvents ? 1 : 0)),
    offsets,
    textIds,
    weights,
    label: Uint32Array.from(drafts, (d) => d.label),
  };
}
