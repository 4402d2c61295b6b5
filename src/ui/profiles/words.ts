import type { Behaviour, BehaviourSettings, Settings } from '../../domain/index.ts';
import type { BehaviourPart, ExampleProfile, MappingDraft, TextShare } from '../../state/index.ts';
import { count, plural } from '../common/format.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What the weight of behaviour means. */
export function behaviourWords({ weight, features }: BehaviourSettings): string {
  if (weight === 0) return 'Users are alike if they read alike; what they do does not count.';
  if (features.length === 0) return 'Choose what counts of what they do: without it they are told by what they read alone.';
  if (weight === 1) return 'How they behave alone; what they read does not count.';
  return `${percent(1 - weight)} what they read, ${percent(weight)} how they behave.`;
}

/** The column that a part of behaviour needs and the mapping lacks; null where it lacks none. */
export function behaviourLack(behaviour: Behaviour, { type, value, numbers }: MappingDraft): string | null {
  if (behaviour === 'rates' && type === null) return 'Needs a column for the type of event';
  if (behaviour === 'numbers' && value === null && numbers.length === 0) return 'Needs a column of numbers';
  return null;
}

/** Where an example was looked at. */
export const exampleWords = ({ events, window, partial }: ExampleProfile): string =>
  `${plural(events, 'event')} in the window from ${window}${partial ? ', which is not whole' : ''}`;

const factor = (n: number): string => (n >= 100 ? n.toFixed(0) : n >= 0.095 ? n.toFixed(2) : n.toPrecision(2));

/** How a text came to its share; factors that are one are left out. */
export function shareWords({ text, events, plain, chosen, byType, byAge, byRarity }: TextShare): string {
  const factors = [
    byType === 1 ? '' : `type × ${factor(byType)}`,
    byAge === 1 ? '' : `age × ${factor(byAge)}`,
    byRarity === null ? '' : `rarity × ${factor(byRarity)}`,
  ].filter(Boolean);
  const why = factors.length === 0 ? '' : ` (${factors.join(', ')})`;
  return `${text}: ${plural(events, 'event')}${why}. ${percent(plain)} of the texts without weights, ${percent(chosen)} with them.`;
}

/** Names of {@link partWords}, in a narrow column. */
export const PART_NAMES: Readonly<Record<Behaviour, string>> = {
  counts: 'Counts',
  rates: 'Rates',
  frequency: 'Frequency',
  duration: 'Time spent',
  numbers: 'Numbers',
  recency: 'Recency',
  entropy: 'Variety',
};

/** Types that are named of a user. */
const TYPES_SHOWN = 3;

/** What a user did, in plain units. */
export function partWords(part: BehaviourPart): string {
  switch (part.behaviour) {
    case 'counts':
      return part.byType.every(({ type }) => type === null) ? plural(sum(part.byType), 'event') : ofTypes(part.byType, count);
    case 'rates':
      return ofTypes(part.byType, percent);
    case 'frequency':
      return `${number(part.aDay)} ${part.purchases ? 'purchases' : 'visits'} a day`;
    case 'duration':
      return Number.isNaN(part.mean) ? 'one event a visit' : `${number(part.sum)} min, ${number(part.mean)} on one event`;
    case 'numbers':
      return part.columns
        .map(({ name, sum, mean }) => `${name} ${Number.isNaN(sum) ? 'never given' : `${number(sum)}, mean ${number(mean)}`}`)
        .join('; ');
    case 'recency':
      return `${number(part.days)} days before the end`;
    case 'entropy':
      return `${number(part.bits)} bits`;
  }
}

type ByType = readonly { readonly type: string | null; readonly value: number }[];

const sum = (byType: ByType): number => byType.reduce((all, { value }) => all + value, 0);

function ofTypes(byType: ByType, write: (value: number) => string): string {
  const others = sum(byType.slice(TYPES_SHOWN));
  return [
    ...byType.slice(0, TYPES_SHOWN).map(({ type, value }) => `${write(value)} ${type ?? 'without a type'}`),
    ...(others > 0 ? [`${write(others)} of other types`] : []),
  ].join(', ');
}

/** Three digits; whole ones above a thousand. */
const number = (n: number): string => count(Math.abs(n) < 1000 ? Number(n.toPrecision(3)) : Math.round(n));

/** What is set of profiles, in a line. */
export function profilesSummary({ typeWeights, halfLifeDays, idf, behaviour }: Settings): string {
  const parts = [
    Object.values(typeWeights).some((weight) => weight !== 1) ? 'types weighed' : '',
    halfLifeDays === null ? '' : `half-life ${halfLifeDays} d`,
    idf ? 'TF-IDF' : '',
    behaviour.weight > 0 ? `${percent(behaviour.weight)} behaviour` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : 'every event alike';
}
