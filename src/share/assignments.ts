import type { AnalysisResult } from '../domain/index.ts';

const HEADER = 'user,window_start,segment,track,thin,x,y,primary,share,secondary,secondary_share,entropy,strength,outlier_score';

/**
 * One line a profile, in the run's canonical order: user, start of the window, number of the segment within its window
 * (-1 = noise, with an empty track), track id, 1 if thin, position on the map; then the user's mixture of interests: numbers of the
 * strongest and the second segment with their P(segment | user), and the mixture's entropy in bits; of HDBSCAN how firmly the user is in the
 * segment, 0..1 (0 for who was left out, though they may have joined it since), and the outlier score. Empty where there is none.
 */
export function assignmentsCsv(result: AnalysisResult): string {
  const { profiles, segments, windows, users, density } = result;
  const lines = [HEADER];
  for (let p = 0; p < profiles.count; p++) {
    const segment = segments[profiles.segment[p] as number];
    const user = users[profiles.user[p] as number] as string;
    const window = windows[profiles.window[p] as number]?.name;
    const position = `${coordinate(profiles.x[p] as number)},${coordinate(profiles.y[p] as number)}`;
    const own = `${segment?.number ?? -1},${segment?.track ?? ''},${profiles.thin[p]}`;
    const scores = `${score(density?.strength[p])},${score(density?.outlier[p])}`;
    lines.push(`${quote(user)},${window},${own},${position},${mixture(result, p)},${scores}`);
  }
  return `${lines.join('\n')}\n`;
}

function mixture({ membership, segments }: AnalysisResult, p: number): string {
  const { primary, primaryShare, secondary, secondaryShare, entropy } = membership;
  const number = (s: number | undefined): string => String(segments[s ?? -1]?.number ?? '');
  const figure = (v: number | undefined): string => (v === undefined || Number.isNaN(v) ? '' : coordinate(v));
  return [
    ...[number(primary[p]), figure(primaryShare[p]), number(secondary[p]), figure(secondaryShare[p])],
    figure(entropy[p]),
  ].join(',');
}

/** Four decimals: a map a screen wide needs three. */
const coordinate = (v: number): string => String(Number(v.toFixed(4)));

const score = (v: number | undefined): string => (v === undefined || Number.isNaN(v) ? '' : coordinate(v));

/** RFC 4180. */
const quote = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
