import { availableColumns, type FilePreview, type Intake } from '../domain/index.ts';
import type { AppData } from './app-state.ts';
import { formatOf, labelFor, type MappingDraft, templateFor } from './mapping.ts';

/** The roles that the user or a manifest set; all others follow the proposal. Kept even while the files don't fit them. */
export type Choices = Partial<MappingDraft>;

/** Mapping and choices after some parts were set: what hangs on them follows. */
export function withChange(
  { mapping, choices, previews, intake }: Pick<AppData, 'mapping' | 'choices' | 'previews' | 'intake'>,
  change: Partial<MappingDraft>,
): Pick<AppData, 'mapping' | 'choices'> {
  const whole = { ...templateFor(change, mapping), ...labelFor(change, mapping), ...change };
  // Day 0 is that of a column.
  const origin = change.time ? { timeOrigin: null } : {};
  return {
    mapping: { ...mapping, ...origin, ...formatOf(change, previews, intake), ...whole },
    choices: addChoice(choices, whole, mapping),
  };
}

/**
 * The choices after a change of the mapping `now`. Another time column drops what was said of how the former one is written; saying how a
 * column is written also chooses that column, and so a template chooses the text columns that it is made of.
 */
export function addChoice(choices: Choices, change: Choices, now: Pick<MappingDraft, 'time' | 'text'>): Choices {
  if (change.template !== undefined) return { ...choices, text: now.text, ...change };
  if (change.timeFormat !== undefined || change.timeOrigin !== undefined) return { ...choices, time: now.time, ...change };
  if (change.time === undefined) return { ...choices, ...change };
  const { timeFormat: _, timeOrigin: __, ...others } = choices;
  return { ...others, ...change };
}

type SingleRole = Exclude<keyof MappingDraft, 'text' | 'template' | 'numbers' | 'timeFormat' | 'timeOrigin'>;
const REQUIRED: readonly SingleRole[] = ['user', 'time'];

/** The proposal with each choice in its place whose column is there; of the proposal, too, only such columns count. */
export function applyChoices(
  proposed: MappingDraft,
  choices: Choices,
  previews: readonly FilePreview[],
  intake: Intake,
): MappingDraft {
  const columns = new Set(availableColumns(previews, intake));
  const fits = (name: string): boolean => columns.has(name);
  const single = (role: SingleRole): string | null => {
    const [chosen, other] = [choices[role], proposed[role]];
    if (chosen === undefined || (chosen === null ? REQUIRED.includes(role) : !fits(chosen))) {
      return other !== null && fits(other) ? other : null;
    }
    return chosen;
  };
  const { text = [], numbers = proposed.numbers } = choices;
  const isChosen = text.length > 0 && text.every(fits);
  const time = single('time');
  return {
    user: single('user'),
    time,
    text: isChosen ? text : proposed.text.filter(fits),
    template: isChosen ? (choices.template ?? null) : null,
    type: single('type'),
    item: single('item'),
    value: single('value'),
    numbers: numbers.filter(fits),
    label: single('label'),
    timeFormat: timeFormatOf(time, proposed, choices, previews, intake),
    timeOrigin: originOf(time, proposed, choices),
  };
}

function originOf(time: string | null, proposed: MappingDraft, { time: of = time, timeOrigin }: Choices): string | null {
  if (timeOrigin !== undefined && of === time) return timeOrigin;
  return time === proposed.time ? proposed.timeOrigin : null;
}

function timeFormatOf(
  time: string | null,
  proposed: MappingDraft,
  choices: Choices,
  previews: readonly FilePreview[],
  intake: Intake,
): MappingDraft['timeFormat'] {
  if (choices.timeFormat !== undefined && choices.time === time) return choices.timeFormat;
  if (time === proposed.time) return proposed.timeFormat;
  return formatOf({ time }, previews, intake).timeFormat ?? proposed.timeFormat;
}
