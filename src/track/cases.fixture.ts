import {
  DEFAULT_SETTINGS,
  type MatchingSettings,
  type TimeWindow,
  type TrackEvent,
  type WindowSegment,
} from '../domain/index.ts';
import { type TrackResult, trackSegments } from './index.ts';

/** A segment of one window in a test: users, and the direction of its centroid in degrees. */
export interface Block {
  readonly users: readonly number[];
  readonly angle?: number;
}

export interface Month {
  readonly segments: readonly Block[];
  /** Present without a segment. */
  readonly noise?: readonly number[];
  readonly partial?: boolean;
}

/** Users from, from + 1, ... to - 1. */
export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const ascending = (users: readonly number[]): Uint32Array => Uint32Array.from(users).sort();

export const directionOf = (degrees: number): Float32Array => {
  const radians = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(radians), Math.sin(radians));
};

export function segmentsOf(months: readonly Month[]): WindowSegment[] {
  return months.flatMap(({ segments }, window) =>
    segments.map(({ users, angle }, number) => ({
      window,
      number,
      members: ascending(users),
      // Unless a test says otherwise, old and new centroids are far apart, so that users alone decide.
      centroid: directionOf(angle ?? 40 * number + 90 * (window % 2)),
    })),
  );
}

export const windowsOf = (months: readonly Month[]): TimeWindow[] =>
  months.map(({ partial = false }, i) => ({ start: i, end: i + 1, name: `w${i}`, partial }));

export const presentOf = (months: readonly Month[]): Uint32Array[] =>
  months.map(({ segments, noise = [] }) => ascending([...segments.flatMap((s) => s.users), ...noise]));

export const track = (months: readonly Month[], settings: Partial<MatchingSettings> = {}): TrackResult =>
  trackSegments({
    windows: windowsOf(months),
    segments: segmentsOf(months),
    presentUsers: presentOf(months),
    settings: { ...DEFAULT_SETTINGS.matching, ...settings },
  });

/** "split 1>1,2" for each event. */
export const told = ({ events }: { events: readonly TrackEvent[] }): string[] =>
  events.map((e) => `${e.kind} ${e.from.join()}>${e.to.join()}`);
