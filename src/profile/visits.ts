import { AppError, type EventTable, firstEndingAfter, type TimeWindow } from '../domain/index.ts';

/** One event in one window that holds it. */
export interface Visit {
  readonly window: number;
  readonly event: number;
}

/** One after the last event of the user whose first event is `from`. */
export function endOfUser(events: EventTable, from: number): number {
  const user = events.user[from] as number;
  let to = from + 1;
  while (to < events.count && events.user[to] === user) to++;
  if (to < events.count && (events.user[to] as number) < user) {
    throw new AppError('bug', 'unsorted-events', 'The events are not in canonical order.', 'Please report this.');
  }
  return to;
}

/** The events [from, to) of one user, by window, ascending; only windows with an event. With rolling windows an event is in each that holds it. */
export function visitsByWindow(events: EventTable, windows: readonly TimeWindow[], from: number, to: number): Visit[][] {
  const visits: Visit[] = [];
  for (let event = from; event < to; event++) {
    const time = events.time[event] as number;
    for (let w = firstEndingAfter(windows, time); w < windows.length && (windows[w] as TimeWindow).start <= time; w++) {
      visits.push({ window: w, event });
    }
  }
  visits.sort((a, b) => a.window - b.window || a.event - b.event);
  return groupByWindow(visits);
}

function groupByWindow(visits: readonly Visit[]): Visit[][] {
  const groups: Visit[][] = [];
  for (const visit of visits) {
    const last = groups.at(-1);
    if (last?.[0]?.window === visit.window) last.push(visit);
    else groups.push([visit]);
  }
  return groups;
}
