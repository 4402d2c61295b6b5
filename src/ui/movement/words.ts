import { type Drift, type DriftShares, NO_TRACK, type Segment, type TrackId } from '../../domain/index.ts';
import { count, decimal, plural } from '../common/format.ts';
import type { MatrixCell, Side } from './matrix.ts';

/** Largest p at which two windows are told to differ. */
const LARGEST_P = 0.05;

/** "0.005"; two digits would round the smallest p that permutations give to 0.01. */
export const pWords = (p: number): string => (p < 0.001 ? 'below 0.001' : p < 0.1 ? p.toFixed(3) : p.toFixed(2));

/** Whether the drift may be told as more than chance; null where it was not tested. */
export const isBeyondChance = ({ p }: Drift): boolean | null => (p === null ? null : p <= LARGEST_P);

/** What the test says of the two windows. */
export function mmdWords(drift: Drift, before: string): string {
  const beyond = isBeyondChance(drift);
  if (beyond === null || drift.unchanged === null) return 'Not tested: the settings ask for no permutations.';
  const p = `p ${pWords(drift.p as number)}`;
  if (!beyond) return `No more drift since ${before} than chance alone shows (${p}). Read the figures below as noise.`;
  const times = drift.unchanged > 0 ? `, ${decimal(drift.mmd2 / drift.unchanged)} times what chance alone shows` : '';
  return `Interests differ from ${before} by more than chance (${p})${times}.`;
}

export const PARTS = ['activity', 'composition', 'content'] as const satisfies readonly (keyof DriftShares)[];
export type Part = (typeof PARTS)[number];

export const PART_WORDS: Readonly<Record<Part, readonly [name: string, what: string]>> = {
  activity: ['Activity', 'users who came or went'],
  composition: ['Composition', 'users who changed segment'],
  content: ['Content', 'segments that look at other things'],
};

/** Where the change of the mean profile comes from. */
export function partsWords(drift: Drift): string {
  const { shares, commonUsers } = drift;
  if (shares === null) return 'The mean profile did not change, so there is nothing to divide.';
  if (commonUsers === 0) return 'No user is in both windows, so all of the change is activity.';
  if (isBeyondChance(drift) === false) return 'The division is that of chance, and tells nothing.';
  const [first] = [...PARTS].sort((a, b) => shares[b] - shares[a]) as [Part];
  const against = PARTS.filter((part) => shares[part] < -0.005);
  const most = `${shares[first] < 0.6 ? 'The largest part' : 'Most'} of the change comes from ${PART_WORDS[first][1]} (${percent(shares[first])}).`;
  return against.length === 0 ? most : `${most} ${list(against.map((part) => PART_WORDS[part][1]))} worked against it.`;
}

/** 0 to 1, in words that need no formula. */
export function shareWords(distance: number | null): string {
  if (distance === null) return 'Not known.';
  return `Segment sizes are ${decimal(distance)} apart (Jensen-Shannon: 0 the same shares, 1 none in common).`;
}

export const percent = (share: number): string => `${share < -0.005 ? '−' : ''}${Math.abs(Math.round(100 * share))} %`;

export function sideName(side: Side, nameOf: (track: TrackId) => string): string {
  if ('track' in side) return side.track === NO_TRACK ? 'No segment' : nameOf(side.track);
  return { new: 'New', resurrecting: 'Back again', dormant: 'Absent now' }[side.margin];
}

/** One sentence on a cell of the matrix. */
export function cellWords(cell: MatrixCell, nameOf: (track: TrackId) => string): string {
  const users = plural(cell.users, 'user');
  const [from, to] = [sideName(cell.from, nameOf), sideName(cell.to, nameOf)];
  if ('margin' in cell.from) {
    const which = cell.from.margin === 'new' ? 'never seen before' : 'back after an absence';
    return `${users}, ${which}, in “${to}”.`;
  }
  const ofAll = cell.share === null ? '' : ` (${percent(cell.share)})`;
  if ('margin' in cell.to) return `${users}${ofAll} of “${from}” absent now, or with too few events.`;
  const way = cell.from.track === cell.to.track ? `stayed in “${to}”` : `went from “${from}” to “${to}”`;
  const chance =
    cell.expected === null || cell.p === null
      ? ''
      : ` Chance would bring ${count(Math.round(cell.expected))} (p ${pWords(cell.p)}).`;
  return `${users}${ofAll} ${way}.${chance}`;
}

/** A user's way, a segment told once for as long as the user stays: "tea from 2024-01, figs from 2024-05". */
export function pathWords(
  path: readonly { readonly window: number; readonly segment: Segment | null }[],
  nameOf: (track: TrackId) => string,
  windowName: (window: number) => string,
): string {
  const trackAt = (i: number): TrackId | undefined => (path[i] ? (path[i].segment?.track ?? NO_TRACK) : undefined);
  return path
    .filter((_, i) => trackAt(i) !== trackAt(i - 1))
    .map(({ window, segment }) => `${segment ? nameOf(segment.track) : 'no segment'} from ${windowName(window)}`)
    .join(', ');
}

const list = (names: readonly string[]): string => {
  const text = names.join(' and ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
