import type { AnalysisResult } from '../domain/index.ts';

const HEADER = 'user,window_start,segment,track,thin,x,y,strength,outlier_score';

/**
 * One line a profile, in the run's canonical order: user, start of the window, number of the segment within its window
 * (-1 = noise, with an empty track), track id, 1 if thin, position on the map; of HDBSCAN how firmly the user is in the segment, 0..1
 * (0 for who was left out, though they may have joined it since), and the outlier score. Empty where there is none.
 */
export function assignmentsCsv(result: AnalysisResult): string {
  const { profiles, segments, windows, users, density } = result;
  const lines = [HEADER];
  for (let p = 0; p < profiles.count; p++) {
    const segment = segments[profiles.segment[p] as number];
    const user = users[profiles.user[p] as number] as string;
    const window = windows[profiles.window[p] as number]?.name;
    const position = `${coordinate(profiles.x[p] as number)},${coordinate(profiles.y[p] as number)}`;
    const scores = `${score(density?.strength[p])},${score(density?.outlier[p])}`;
    const place = `${segment?.number ?? -1},${segment?.track ?? ''},${profiles.thin[p]},${position}`;
    lines.push(`${quote(user)},${window},${place},${scores}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Four decimals: a map a screen wide needs three. */
const coordinate = (v: number): string => String(Number(v.toFixed(4)));

const score = (v: number | undefined): string => (v === undefined || Number.isNaN(v) ? '' : coordinate(v));

/** RFC 4180. */
const quote = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
