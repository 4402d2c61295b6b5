import type { ProfileTable } from '../domain/index.ts';

/** Profiles of one window, as indexes into the table, ascending. */
export interface WindowRows {
  readonly full: number[];
  readonly thin: number[];
}

export function groupByWindow(profiles: ProfileTable, windows: number): readonly WindowRows[] {
  const rows: WindowRows[] = Array.from({ length: windows }, () => ({ full: [], thin: [] }));
  for (let p = 0; p < profiles.count; p++) {
    const at = rows[profiles.window[p] as number] as WindowRows;
    (profiles.thin[p] ? at.thin : at.full).push(p);
  }
  return rows;
}
