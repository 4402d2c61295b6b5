import {
  compareCodePoints,
  decay,
  type ExampleEvent,
  type ExampleUser,
  makeWindows,
  numberNames,
  type Settings,
  type Survey,
  smoothedIdf,
  type TimeWindow,
  typeWeight,
} from '../domain/index.ts';
import type { AppData } from './app-state.ts';
import { type BehaviourColumns, type BehaviourPart, behaviourPart } from './example-behaviour.ts';

/** What one text is in a profile: its share of the weights, plain and as they are set. */
export interface TextShare {
  readonly text: string;
  readonly events: number;
  /** 0..1; every event weighs 1. */
  readonly plain: number;
  readonly chosen: number;
  /** What the chosen weight is the product of, on average over the text's events; `idf` is null where it is off. */
  readonly byType: number;
  readonly byAge: number;
  readonly byRarity: number | null;
}

/** What an example user's profile in a window is made of. */
export interface ExampleProfile {
  readonly user: string;
  readonly window: string;
  /** The data cover less than 90 % of it. */
  readonly partial: boolean;
  readonly events: number;
  /** Largest of both shares first; all of the window's texts. */
  readonly texts: readonly TextShare[];
  /** Share of the squared length of the profile that texts make; behaviour makes the rest. */
  readonly ofTexts: number;
  /** What behaviour is made of, as far as the columns are there; empty where it makes nothing. */
  readonly behaviour: readonly BehaviourPart[];
}

/** An example user in one window: their events there. */
export interface ExampleInWindow extends ExampleUser {
  readonly window: TimeWindow;
}

/** The example users of a survey, each in the last window that is whole and has events of theirs; where none is whole, in the last. */
export function examplesInWindows(
  { examples, overTime }: Pick<Survey, 'examples' | 'overTime'>,
  settings: Pick<Settings, 'windows' | 'timeZone'>,
): ExampleInWindow[] {
  const windows = windowsOf(settings, overTime);
  return examples.flatMap((example) => {
    const eventsIn = ({ start, end }: TimeWindow) => example.events.filter(({ time }) => start <= time && time < end);
    const held = windows.filter((window) => eventsIn(window).length > 0);
    const window = held.findLast(({ partial }) => !partial) ?? held.at(-1);
    return window ? [{ ...example, window, events: eventsIn(window) }] : [];
  });
}

/** None while the windows that are set can't be made, which is told at their field. */
function windowsOf(
  { windows, timeZone }: Pick<Settings, 'windows' | 'timeZone'>,
  { counts, first, last }: Survey['overTime'],
): TimeWindow[] {
  if (counts.length === 0) return [];
  try {
    return makeWindows(windows, timeZone, first, last);
  } catch {
    return [];
  }
}

/**
 * The profile of an example, plain and with the weights that are set. Rarity is over the users of all data: in a run, users who only have
 * events of types that weigh 0 do not count, nor, without looking ahead, what comes later.
 */
export function exampleProfile(
  { user, users, events, window }: ExampleInWindow,
  settings: Settings,
  columns: BehaviourColumns,
): ExampleProfile {
  const weights = events.map((event) => weightOf(event, window, users, settings));
  const all = weights.reduce((sum, w) => sum + w.whole, 0);
  const byText = new Map<string, number[]>();
  for (const [i, { text }] of events.entries()) byText.set(text, [...(byText.get(text) ?? []), i]);
  const texts = [...byText].map(([text, at]): TextShare => {
    const mean = (part: (w: Weight) => number): number => at.reduce((sum, i) => sum + part(weights[i] as Weight), 0) / at.length;
    return {
      text,
      events: at.length,
      plain: at.length / events.length,
      chosen: all > 0 ? (mean((w) => w.whole) * at.length) / all : 0,
      byType: mean((w) => w.byType),
      byAge: mean((w) => w.byAge),
      byRarity: settings.idf ? mean((w) => w.byRarity) : null,
    };
  });
  const larger = ({ plain, chosen }: TextShare): number => Math.max(plain, chosen);
  texts.sort((a, b) => larger(b) - larger(a) || b.plain - a.plain || compareCodePoints(a.text, b.text));
  const { weight, features } = settings.behaviour;
  const { name, partial } = window;
  const ofTexts = features.length === 0 ? 1 : 1 - weight;
  const behaviour = ofTexts < 1 ? features.flatMap((feature) => behaviourPart(feature, events, window, columns)) : [];
  return { user, window: name, partial, events: events.length, texts, ofTexts, behaviour };
}

interface Weight {
  readonly byType: number;
  readonly byAge: number;
  readonly byRarity: number;
  readonly whole: number;
}

function weightOf({ time, type, usersWithText }: ExampleEvent, { end }: TimeWindow, users: number, settings: Settings): Weight {
  const byType = typeWeight(type, settings);
  const byAge = decay(end - time, settings);
  const byRarity = settings.idf ? smoothedIdf(users, usersWithText) : 1;
  return { byType, byAge, byRarity, whole: byType * byAge * byRarity };
}

/** As the page's mapping and its survey have them. */
export const behaviourColumns = (s: Pick<AppData, 'mapping' | 'previews' | 'intake' | 'survey'>): BehaviourColumns => ({
  numbers: numberNames(s.mapping),
  types: knownTypes(s),
});

/** Types that the survey or the first rows met, the most frequent first as far as that is known. */
export function knownTypes({
  mapping,
  previews,
  intake,
  survey,
}: Pick<AppData, 'mapping' | 'previews' | 'intake' | 'survey'>): string[] {
  const { type } = mapping;
  if (type === null) return [];
  const { quality = [], examples = [] } = survey.survey ?? {};
  const frequent = quality.flatMap(
    ({ columns }) => columns.find(({ name }) => name === type)?.top.map(({ value }) => value) ?? [],
  );
  const met = examples.flatMap(({ events }) => events.flatMap((event) => event.type ?? []));
  const first = previews.flatMap(({ header, rows }) => rows.map((row) => (row[header.indexOf(type)] ?? '').trim()));
  const missing = new Set(['', ...intake.missing]);
  return [...new Set([...frequent, ...met, ...first])].filter((name) => !missing.has(name));
}
