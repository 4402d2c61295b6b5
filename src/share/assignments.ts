import type { AnalysisResult } from '../domain/index.ts';

const HEADER = 'user,window_start,segment,track,thin,x,y';

/**
 * One line a profile, in the run's canonical order: user, start of the window, number of the segment within its window
 * (-1 = noise, with an empty track), track id, 1 if thin, position on the map.
 */
export function assignmentsCsv(result: AnalysisResult): string {
  const { profiles, segments, windows, users } = result;
  const lines = [HEADER];
  for (let p = 0; p < profiles.count; p++) {
    const segment = segments[profiles.segment[p] as number];
    const user = users[profiles.user[p] as number] as string;
    const window = windows[profiles.window[p] as number]?.name;
    const position = `${coordinate(profiles.x[p] as number)},${coordinate(profiles.y[p] as number)}`;
    lines.push(`${quote(user)},${window},${segment?.number ?? -1},${segment?.track ?? ''},${profiles.thin[p]},${position}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Four decimals: a map a screen wide needs three. */
const coordinate = (v: number): string => String(Number(v.toFixed(4)));

/** RFC 4180. */
const quote = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
