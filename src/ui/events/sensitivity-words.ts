import {
  type AnalysisResult,
  groupsOf,
  type Outcome,
  type Sensitivity,
  survivalOf,
  type Variant,
  type VariantGroup,
} from '../../domain/index.ts';
import { plural, share } from '../common/format.ts';

/** Beside the cells. */
export const GROUP_LABELS: Readonly<Record<VariantGroup, string>> = {
  k: 'k',
  eps: 'eps',
  size: 'least size',
  seed: 'seed',
  window: 'window',
};

const GROUP_WORDS: Readonly<Record<VariantGroup, string>> = {
  k: 'another k',
  eps: 'another eps',
  size: 'another least size',
  seed: 'another seed',
  window: 'another window length',
};

const OUTCOME_WORDS: readonly (readonly [Outcome | null, string])[] = [
  ['survives', 'told again with'],
  ['lost', 'not with'],
  ['unmeasured', 'can’t be seen with'],
  [null, 'still to try:'],
];

/** A variant as people say it. */
export const variantWords = ({ group, name }: Pick<Variant, 'group' | 'name'>): string =>
  group === 'window' ? name.split('/').map(spanWords).join(' every ') : name;

function spanWords(span: string): string {
  const [, days, hours] = /^(?:P(\d+)D|PT(\d+)H)$/.exec(span) ?? [];
  return days ? plural(Number(days), 'day') : hours ? plural(Number(hours), 'hour') : span;
}

/** One line a group: "Another k: told again with k − 1, k + 1; not with k + 2". */
export function stripLines(sensitivity: Sensitivity, event: number): string[] {
  const at = sensitivity.changes.indexOf(event);
  return groupsOf(sensitivity).map((group) => {
    const variants = sensitivity.variants.filter((variant) => variant.group === group);
    const parts = OUTCOME_WORDS.flatMap(([outcome, words]) => {
      const named = variants.filter((variant) => (variant.outcomes?.[at] ?? null) === outcome).map(variantWords);
      const all = named.length === variants.length && named.length > 1;
      return named.length > 0 ? `${words} ${all ? `all ${named.length}` : named.join(', ')}` : [];
    });
    return `${capital(GROUP_WORDS[group])}: ${parts.join('; ')}`;
  });
}

/** The strip for those who do not see it. */
export function stripWords(sensitivity: Sensitivity, event: number): string {
  const all = survivalOf(sensitivity, event);
  return `Told again with ${all?.survived ?? 0} of ${plural(all?.measured ?? 0, 'other choice')}. ${stripLines(sensitivity, event).join('. ')}.`;
}

/**
 * How far the findings hang on the choices of the run; of all changes where none is a finding. Null where there is nothing to say, since
 * nothing changed.
 */
export function summaryWords(result: AnalysisResult, measuring: boolean): string | null {
  const { sensitivity, settings, events, trust } = result;
  if (events.every(({ kind }) => kind === 'survive')) return null;
  if (!settings.lookAhead)
    return 'Not measured: other choices are compared with the windows after, which a run without look-ahead may not see.';
  if (!settings.sensitivity) return 'Not measured: it is switched off in the settings.';
  const made = sensitivity.variants.filter(({ outcomes }) => outcomes !== null).length;
  if (made === 0) return measuring ? 'Being measured, once trust is known.' : 'Not measured: it was stopped before it could be.';
  const findings = sensitivity.changes.filter((i) => trust.events[i]?.verdict === 'stable');
  const told = findings.length > 0 ? findings : sensitivity.changes;
  const name = findings.length > 0 ? 'finding' : 'change';
  const shares = groupsOf(sensitivity).flatMap((group) => {
    const mean = meanShare(told.map((i) => survivalOf(sensitivity, i, group)?.share ?? null));
    return mean === null ? [] : `${GROUP_WORDS[group]} ${share(mean, 1)}`;
  });
  const frail = told.filter((i) => (survivalOf(sensitivity, i)?.share ?? 1) < 0.5).length;
  const of = sensitivity.variants.length;
  return [
    shares.length > 0
      ? `${plural(told.length, name)} (split, merge, birth, death) told again, on average with ${shares.join(', ')}.`
      : `No other choice could see the ${plural(told.length, name)}.`,
    frail > 0 ? `${frail} of them by fewer than half of the choices.` : '',
    made < of ? `${made} of ${of} choices tried${measuring ? ' so far' : ', then stopped'}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function meanShare(shares: readonly (number | null)[]): number | null {
  const known = shares.filter((s) => s !== null);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : null;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
