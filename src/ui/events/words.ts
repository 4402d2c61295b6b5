import type { TrackEvent, TrackId } from '../../domain/index.ts';
import type { ToldKind } from '../../state/index.ts';
import { plural } from '../common/format.ts';

export const KIND_WORDS: Readonly<Record<ToldKind, string>> = {
  emerge: 'Emerges',
  disappear: 'Disappears',
  split: 'Splits',
  merge: 'Merges',
  resurface: 'Resurfaces',
  reorganise: 'Reorganises',
  grow: 'Grows',
  shrink: 'Shrinks',
  tighten: 'Tightens',
  loosen: 'Loosens',
  shift: 'Shifts',
};

/** One sentence on an event, with the names of the tracks. */
export function describeEvent(event: TrackEvent, nameOf: (track: TrackId) => string): string {
  const from = list(event.from.map(nameOf));
  const to = list(event.to.map(nameOf));
  const users = plural(event.users, 'user');
  switch (event.kind) {
    case 'survive':
      return event.sizeChange === null ? `${to} goes on.` : `${to} goes on, size ${percent(event.sizeChange)}.`;
    case 'emerge':
      return `${to} appears with ${users}.`;
    case 'disappear':
      return event.host === null
        ? `${from} is gone; it had ${users}.`
        : `${from} is gone; it had ${users}, and most of those who are still there went to ${nameOf(event.host)}.`;
    case 'split':
      return `${from} splits into ${to}; ${users} moved along.`;
    case 'merge':
      return `${from} merge into ${to}; ${users} moved along.`;
    case 'resurface':
      return `${to} comes back with ${users}.`;
    case 'reorganise':
      return `${event.from.length} into ${event.to.length}: ${from} are now ${to}. ${users} moved along; no track goes on.`;
  }
}

const percent = (change: number): string => `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(Math.round(change))} %`;

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join('; ')} and ${names[names.length - 1]}`;
