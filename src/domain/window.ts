/** A half-open span of time, [start, end), in milliseconds since 1970-01-01 UTC. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
  /** `YYYY-MM-DD` of the start in the chosen time zone; the full UTC ISO string for windows under a day. */
  readonly name: string;
  /** Covered by less than 90 % of its length by the data. */
  readonly partial: boolean;
}
