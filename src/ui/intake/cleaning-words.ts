import { type Cleaning, type CleaningCounts, DEFAULT_CLEANING } from '../../domain/index.ts';
import { plural } from '../common/format.ts';

/** What is on, in a line; duplicates with their count, since they are on unless said. */
export function cleaningSummary(cleaning: Cleaning, counts: CleaningCounts | null): string {
  const { text } = DEFAULT_CLEANING;
  const on = [
    cleaning.duplicates ? (counts ? plural(counts.duplicates, 'exact duplicate') : 'exact duplicates') : '',
    cleaning.repeatSeconds === null ? '' : 'repeats',
    cleaning.missingText === 'from-item' ? 'texts from items' : '',
    cleaning.outliers === null ? '' : 'outliers',
    cleaning.fill === 'left' ? '' : `numbers filled by ${cleaning.fill}`,
    cleaning.minUserEvents === null ? '' : 'users with few events',
    cleaning.maxDayEvents === null ? '' : 'bots',
    (Object.keys(text) as (keyof Cleaning['text'])[]).some((key) => cleaning.text[key] !== text[key]) ? 'texts' : '',
    cleaning.rules.length === 0 ? '' : plural(cleaning.rules.length, 'rule'),
  ].filter(Boolean);
  return on.join(' · ') || 'nothing';
}
