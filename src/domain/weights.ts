import type { Settings } from './settings.ts';
import { DAY } from './window-spec.ts';

/** One event of an example user. */
export interface ExampleEvent {
  readonly time: number;
  readonly text: string;
  readonly type: string | null;
  /** Users who have the text, of all. */
  readonly usersWithText: number;
  /** Of the columns of `numberNames`, in their order; NaN where missing. */
  readonly numbers: readonly number[];
}

/** A user that the page shows weights and behaviour on. */
export interface ExampleUser {
  readonly user: string;
  /** Of all users. */
  readonly users: number;
  /** Newest last, at most 500. */
  readonly events: readonly ExampleEvent[];
}

/** idf = ln((1 + N) / (1 + df)) + 1 over users. */
export const smoothedIdf = (users: number, usersWithText: number): number => Math.log((1 + users) / (1 + usersWithText)) + 1;

/** a(type); types that are not named weigh 1, as do events without a type. */
export const typeWeight = (type: string | null, { typeWeights }: Pick<Settings, 'typeWeights'>): number =>
  type !== null && Object.hasOwn(typeWeights, type) ? (typeWeights[type] ?? 1) : 1;

/** 2^(-age / halfLife); 1 without a half-life. @param age milliseconds from the event to the end of its window */
export const decay = (age: number, { halfLifeDays }: Pick<Settings, 'halfLifeDays'>): number =>
  halfLifeDays === null ? 1 : 2 ** (-age / (halfLifeDays * DAY));
