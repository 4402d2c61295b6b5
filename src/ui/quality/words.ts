import type { Accounting } from '../../domain/index.ts';
import { count } from '../common/format.ts';

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });

/** A share that is never rounded to nothing. */
export const shareOf = (part: number, whole: number): string =>
  whole === 0 ? '' : part > 0 && part / whole < 0.005 ? '<1%' : percent.format(part / whole);

/** Promise P6 in a line: read = kept + set aside. */
export function rowsSummary({ files }: Accounting): string {
  const read = files.reduce((sum, file) => sum + file.read, 0);
  const kept = files.reduce((sum, file) => sum + file.kept, 0);
  return `${count(read)} read = ${count(kept)} kept + ${count(read - kept)} set aside`;
}

/** A day in UTC, as ISO writes it. */
export const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
