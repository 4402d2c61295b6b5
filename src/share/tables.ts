import type { AnalysisResult, FileAccounting, Segment, TrackEvent } from '../domain/index.ts';
import { changesTable, falseChanges } from './changes.ts';
import { levelsOfSegment, levelTables } from './levels.ts';
import { known, movementTables } from './movement.ts';
import { sensitivityOf } from './sensitivity.ts';

/**
 * Windows, segments and events as JSON. `window` is the start of the later window. `falseEventRate` is the mean after the verdict, with
 * raw mean and windows beside it; it counts events that are no survival, and `falseChangeRate` the changes of survivals. What was not measured
 * is null. Changes of survivals: see {@link changesTable}. Movement between windows: see {@link movementTables};
 * interest levels: {@link levelTables}.
 */
export function tracksJson(result: AnalysisResult): string {
  const start = (window: number): string => result.windows[window]?.name ?? '';
  const { trust } = result;
  const levels = levelsOfSegment(result);
  const segment = (s: Segment) => ({
    track: s.track,
    segment: s.number,
    window: start(s.window),
    size: s.size,
    stability: known(trust.stability[s.index]),
    levels: levels(s.index),
    terms: s.terms,
    exemplars: s.exemplars,
  });
  const event = (e: TrackEvent, i: number) => ({
    ...{ window: start(e.window), kind: e.kind, from: e.from, to: e.to, users: e.users, effect: e.effect },
    ...{ p: known(trust.events[i]?.p), stability: known(trust.events[i]?.stability), verdict: trust.events[i]?.verdict ?? null },
    sensitivity: sensitivityOf(result, i),
    ...changesTable(e, trust.changes[i] ?? []),
  });
  return json({
    windows: result.windows.map((w, i) => ({
      start: w.name,
      end: nameLike(w.name, w.end, result.settings.timeZone),
      profiles: w.profiles,
      thin: w.thin,
      falseEventRate: known(trust.falseEventRate.perWindow[i]?.stable),
      rawEventRate: known(trust.falseEventRate.perWindow[i]?.raw),
      ...densityOf(result, i),
    })),
    segments: result.segments.map(segment),
    events: result.events.map(event),
    falseEventRate: known(trust.falseEventRate.stable),
    rawEventRate: known(trust.falseEventRate.raw),
    refits: trust.falseEventRate.refits,
    falseChangeRate: falseChanges(trust.falseChangeRate),
    ...movementTables(result),
    levels: levelTables(result),
  });
}

/** Users whom density left in no segment, those who joined one afterwards, and DBSCAN's eps; nothing for other algorithms. */
function densityOf({ density }: AnalysisResult, window: number) {
  const found = density?.windows.find((d) => d.window === window);
  if (!found) return {};
  const { leftOut, joined, reach } = found;
  return { noise: leftOut - joined, joined, ...(reach ? { eps: reach.eps } : {}) };
}

/** Every row of input: read = kept + set aside, by file and reason. */
/** Counts and line numbers; the cells of rows that were set aside are data, and stay with the files. */
export const accountingJson = ({ accounting }: AnalysisResult): string =>
  json({
    files: accounting.files.map(withoutCells),
    ...(accounting.catalogue && { catalogue: withoutCells(accounting.catalogue) }),
  });

const withoutCells = ({ header: _, setAside, ...file }: FileAccounting) => ({
  ...file,
  setAside: setAside.map(({ reason, count, lines }) => ({ reason, count, lines })),
});

/** The instant `ms` in the form that `example` has: a date of the time zone, or a full UTC time. */
function nameLike(example: string, ms: number, timeZone: string): string {
  if (example.includes('T')) return new Date(ms).toISOString();
  // The Swedish locale writes dates as YYYY-MM-DD.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
