import { type AnalysisResult, CHANGE_KINDS, changeKind, EVENT_KINDS } from '../domain/index.ts';

/** Stable events and stable changes of segments that go on, by kind; kinds without one are left out. */
export function findingCounts({ events, trust }: AnalysisResult): Record<string, number> {
  const kinds = events.flatMap((event, i) => {
    if (event.kind !== 'survive') return trust.events[i]?.verdict === 'stable' ? [event.kind] : [];
    return event.changes.filter((_, c) => trust.changes[i]?.[c]?.verdict === 'stable').map(changeKind);
  });
  const found = [...EVENT_KINDS, ...CHANGE_KINDS].map((kind) => [kind, kinds.filter((k) => k === kind).length] as const);
  return Object.fromEntries(found.filter(([, count]) => count > 0));
}

/** "Findings (stable events and changes): 1 split, 3 grow". */
export function findingWords(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  return `Findings (stable events and changes): ${parts.join(', ') || 'none'}`;
}
