import type { AnalysisResult, Segment, TrackEvent } from '../domain/index.ts';

/** Windows, segments and events as JSON. `window` is the start of the later window; `falseEventRate` is null until it is measured. */
export function tracksJson(result: AnalysisResult): string {
  const start = (window: number): string => result.windows[window]?.name ?? '';
  const segment = (s: Segment) => ({
    track: s.track,
    segment: s.number,
    window: start(s.window),
    size: s.size,
    terms: s.terms,
    exemplars: s.exemplars,
  });
  const event = (e: TrackEvent) => ({ window: start(e.window), kind: e.kind, from: e.from, to: e.to, users: e.users });
  return json({
    windows: result.windows.map((w) => ({
      start: w.name,
      end: nameLike(w.name, w.end, result.settings.timeZone),
      profiles: w.profiles,
      thin: w.thin,
    })),
    segments: result.segments.map(segment),
    events: result.events.map(event),
    falseEventRate: null,
  });
}

/** Every row of input: read = kept + set aside, by file and reason. */
export const accountingJson = (result: AnalysisResult): string => json(result.accounting);

/** The instant `ms` in the form that `example` has: a date of the time zone, or a full UTC time. */
function nameLike(example: string, ms: number, timeZone: string): string {
  if (example.includes('T')) return new Date(ms).toISOString();
  // The Swedish locale writes dates as YYYY-MM-DD.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
