import {
  type ComputeInfo,
  checkTimeZone,
  type Density,
  type EmbedReport,
  type EventTable,
  inputError,
  type ProfileTable,
  parseWindowSpec,
  type Settings,
  settingProblems,
  type TimeWindow,
  type WindowQuality,
  type WindowSummary,
} from '../domain/index.ts';
import type { Segmentation } from './segment.ts';

/**
 * Settings that cannot give a result are refused before any work, by name.
 * @throws AppError input
 */
export function checkSettings(settings: Settings): void {
  parseWindowSpec(settings.windows);
  checkTimeZone(settings.timeZone);
  const [problem] = settingProblems(settings);
  if (problem) throw refuse(problem.what, problem.hint);
}

/** Events of types that weigh 0 are gone by now. */
export function checkEvents(events: EventTable): void {
  if (events.count > 0) return;
  throw refuse('Every event is of a type that weighs 0.', 'Give at least one type of event a weight above 0.');
}

/** Data that cannot be segmented is refused once it is known, with what was found. */
export function checkEnough(
  events: EventTable,
  windows: readonly TimeWindow[],
  profiles: ProfileTable,
  settings: Settings,
): void {
  const { minEvents, k, mode } = settings;
  if (events.users.length === 1) {
    throw refuse(
      `All ${events.count} events belong to one user ("${events.users[0]}"), and segments are groups of users.`,
      'Check that the user column is the right one.',
    );
  }
  const perWindow = new Uint32Array(windows.length);
  for (let p = 0; p < profiles.count; p++) if (!profiles.thin[p]) perWindow[profiles.window[p] as number]!++;
  const most = perWindow.reduce((a, b) => (mode === 'global' ? a + b : Math.max(a, b)), 0);
  if (most === 0) {
    throw refuse(
      `No user has ${minEvents} or more events in any of the ${windows.length} windows.`,
      'Choose longer windows, or lower the minimum of events.',
    );
  }
  if (k !== 'auto' && k > most) {
    const there = mode === 'global' ? `all windows together have ${most} profiles` : `the fullest window has ${most} users`;
    throw refuse(
      `${k} segments were asked for, and ${there} with ${minEvents} or more events.`,
      `Choose at most ${most} segments, longer windows, or a lower minimum of events.`,
    );
  }
}

const refuse = (what: string, hint: string) => inputError('not-enough', what, hint);

/** Of the texts that this run looked at; those of a run that it adds to were told then. */
export function cutNote({ cut }: EmbedReport): string | null {
  if (cut === 0) return null;
  const which = cut === 1 ? 'One text is' : `${cut.toLocaleString('en')} texts are`;
  return `${which} longer than the model reads: only what stands before the end of a sentence within its limit counts.`;
}

export function emptyNote({ empty }: EmbedReport): string | null {
  if (empty === 0) return null;
  const [which, their] = empty === 1 ? ['One text has', 'it has'] : [`${empty.toLocaleString('en')} texts have`, 'they have'];
  return `${which} no word that the model can read: ${their} no vector, and no weight in a profile.`;
}

export function windowNote(windows: readonly TimeWindow[]): string | null {
  if (windows.length > 1) return null;
  return 'All events fall into one window, so nothing can be compared through time. Choose shorter windows.';
}

/** With a fixed k, windows with fewer users get fewer segments, and so does one fit over profiles that repeat; that is told. */
export function smallWindowsNote({ fits, global }: Segmentation, { k }: Settings): string | null {
  if (k === 'auto') return null;
  if (global) {
    const { rows } = global.centroids;
    return rows < k ? `All windows together have fewer than ${k} distinct profiles and show ${rows} segments.` : null;
  }
  const small = fits.filter((fit) => fit !== null && fit.choice.k < k).length;
  return small === 0
    ? null
    : `${small} of ${fits.length} windows have fewer than ${k} distinct profiles and show fewer segments.`;
}

/** Below this many users the membership of a segment is a matter of chance. */
const FEW_USERS = 10;

/** Told where half of the segments are so small that most changes between them come by chance. */
export function fewUsersNote(segments: readonly { readonly size: number }[]): string | null {
  const small = segments.filter(({ size }) => size < FEW_USERS).length;
  if (segments.length === 0 || small * 2 < segments.length) return null;
  return `${small} of ${segments.length} segments have fewer than ${FEW_USERS} users, so that most changes between windows come by chance. Choose longer windows, fewer segments, or lower the events that a user needs in a window.`;
}

/** Told where density leaves more than half of the users in no segment: what is said of segments is then not said of most users. */
export function noiseNote(density: Density | null, windows: readonly WindowSummary[]): string | null {
  const users = windows.reduce((sum, { profiles }) => sum + profiles, 0);
  const noise = density?.windows.reduce((sum, { leftOut, joined }) => sum + leftOut - joined, 0) ?? 0;
  if (2 * noise <= users) return null;
  return `${Math.round((100 * noise) / users)} % of the users of all windows are in no segment (noise). Let them join their nearest segment, let density reach farther or segments be smaller, or choose k-means.`;
}

/** Middle silhouette of the windows below which one segment runs into the next; .25 and less is no substantial structure (Kaufman and Rousseeuw 1990). */
const HARDLY_APART = 0.1;

/** Told where the segments of most windows, k being chosen, are hardly set apart; by density they may have shapes of which a silhouette says nothing. */
export function hardlyApartNote(quality: readonly WindowQuality[], density: Density | null): string | null {
  const known = quality.flatMap(({ silhouette }) => silhouette ?? []).sort((a, b) => a - b);
  const middle = known[Math.floor((known.length - 1) / 2)];
  if (density !== null || middle === undefined || middle >= HARDLY_APART) return null;
  return `The segments are hardly set apart (a silhouette of ${middle.toFixed(2)} in the middle window; 1 is wholly, 0 not at all): where one ends and the next begins is a choice more than a finding. Another number of segments, or rare texts that weigh more (TF-IDF), may tell users apart better.`;
}

/** A device that was asked for by name and is not there; with "auto" the CPU is no news. */
export const deviceNote = ({ device }: Settings, info: ComputeInfo): string | null =>
  device === 'webgpu' && info.device !== 'webgpu' ? info.note : null;
