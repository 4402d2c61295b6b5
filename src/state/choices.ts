import type { FilePreview } from '../domain/index.ts';
import { formatOf, type MappingDraft } from './mapping.ts';

/** The roles that the user or a manifest set; all others follow the proposal. Kept even while the files don't fit them. */
export type Choices = Partial<MappingDraft>;

/**
 * The choices after a change. Another time column drops the way that the former one was said to be written; saying how a column
 * is written also chooses that column, `time`.
 */
export function addChoice(choices: Choices, change: Choices, time: string | null): Choices {
  if (change.timeFormat !== undefined) return { ...choices, time, ...change };
  if (change.time === undefined) return { ...choices, ...change };
  const { timeFormat: _, ...others } = choices;
  return { ...others, ...change };
}

type SingleRole = Exclude<keyof MappingDraft, 'text' | 'timeFormat'>;
const REQUIRED: readonly SingleRole[] = ['user', 'time'];

/** The proposal with each choice in its place whose columns all files have. */
export function applyChoices(proposed: MappingDraft, choices: Choices, previews: readonly FilePreview[]): MappingDraft {
  const fits = (name: string): boolean => previews.every((p) => p.header.includes(name));
  const single = (role: SingleRole): string | null => {
    const chosen = choices[role];
    if (chosen === undefined || (chosen === null ? REQUIRED.includes(role) : !fits(chosen))) return proposed[role];
    return chosen;
  };
  const { text = [] } = choices;
  const time = single('time');
  return {
    user: single('user'),
    time,
    text: text.length > 0 && text.every(fits) ? text : proposed.text,
    type: single('type'),
    item: single('item'),
    value: single('value'),
    label: single('label'),
    timeFormat: timeFormatOf(time, proposed, choices, previews),
    timeOrigin: time === proposed.time ? proposed.timeOrigin : null,
  };
}

function timeFormatOf(
  time: string | null,
  proposed: MappingDraft,
  choices: Choices,
  previews: readonly FilePreview[],
): MappingDraft['timeFormat'] {
  if (choices.timeFormat !== undefined && choices.time === time) return choices.timeFormat;
  if (time === proposed.time) return proposed.timeFormat;
  return formatOf({ time }, previews).timeFormat ?? proposed.timeFormat;
}
