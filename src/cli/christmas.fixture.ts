import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import papaparse from 'papaparse';

interface Count {
  rows: number;
  christmas: number;
}

/** A month of online-retail: Christmas items as a share of its purchases. */
export interface ChristmasMonth {
  /** First day. */
  readonly month: string;
  readonly share: number;
  readonly segments: number;
  /** The segment with the largest share. */
  readonly richest: { readonly segment: string; readonly share: number };
  /** Share of the richest over that of the month. */
  readonly lift: number;
}

/**
 * Purchases of the raw file by month and segment, counted by other means than the pipeline's reader; rows without a customer or a text
 * are no purchases. A Christmas item has CHRISTMAS or XMAS in its text, whatever the case.
 * @param assigned lines of assignments.csv; users of no segment count among the month's alone.
 */
export async function christmasMonths(
  path: string,
  assigned: readonly Record<string, string>[],
): Promise<{ readonly months: ChristmasMonth[]; readonly unassigned: number }> {
  const segmentOf = new Map(assigned.map((a) => [`${a.user} ${a.window_start}`, a.segment as string]));
  const months = new Map<string, Map<string, Count>>();
  let unassigned = 0;
  const stream = createReadStream(path).pipe(createGunzip()).setEncoding('latin1');
  await new Promise<void>((done, fail) => {
    papaparse.parse<Record<string, string>>(stream, {
      header: true,
      step: ({ data }) => {
        const { CustomerID = '', InvoiceDate = '', Description = '' } = data;
        if (CustomerID === '' || Description.trim() === '') return;
        const [month = '', , year = ''] = InvoiceDate.split(' ')[0]?.split('/') ?? [];
        const start = `${year}-${month.padStart(2, '0')}-01`;
        const segment = segmentOf.get(`${CustomerID} ${start}`);
        if (segment === undefined) unassigned++;
        else add(months, start, segment, /CHRISTMAS|XMAS/i.test(Description));
      },
      complete: () => done(),
      error: fail,
    });
  });
  const inOrder = [...months].sort(([a], [b]) => (a < b ? -1 : 1));
  return { months: inOrder.map(([month, counts]) => monthOf(month, counts)), unassigned };
}

function add(months: Map<string, Map<string, Count>>, month: string, segment: string, christmas: boolean): void {
  const counts = months.get(month) ?? new Map<string, Count>();
  months.set(month, counts);
  const count = counts.get(segment) ?? { rows: 0, christmas: 0 };
  counts.set(segment, count);
  count.rows++;
  if (christmas) count.christmas++;
}

function monthOf(month: string, counts: ReadonlyMap<string, Count>): ChristmasMonth {
  const sum = (key: keyof Count): number => [...counts.values()].reduce((all, count) => all + count[key], 0);
  const share = sum('christmas') / sum('rows');
  const shares = [...counts]
    .filter(([segment]) => segment !== '-1')
    .map(([segment, { rows, christmas }]) => ({ segment, share: christmas / rows }));
  const richest = shares.reduce((most, each) => (each.share > most.share ? each : most));
  return { month, share, segments: shares.length, richest, lift: richest.share / share };
}

interface ToldSegment {
  readonly window: string;
  readonly segment: number;
  readonly track: number;
  readonly size: number;
  readonly terms: readonly string[];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** One line a month, with who is in the richest segment. */
export function monthWords({ month, share, segments, richest, lift }: ChristmasMonth, told: readonly ToldSegment[]): string {
  const own = told.find((s) => s.window === month && String(s.segment) === richest.segment);
  const words = `${own?.size} users on track ${own?.track}: ${own?.terms.join(', ')}`;
  const most = `at most ${percent(richest.share)} in one of ${segments} segments, a lift of ${lift.toFixed(2)}`;
  return `${month}: Christmas ${percent(share)} over all, ${most} (${words})`;
}
