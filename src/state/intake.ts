import {
  type ColumnProfile,
  columnLooks,
  commonColumns,
  DEFAULT_INTAKE,
  eventTables,
  type FilePreview,
  type FormChoice,
  type Intake,
  type Join,
  type MappingProposal,
  type Question,
  questionsOf,
} from '../domain/index.ts';
import type { Choices } from './choices.ts';
import type { MappingDraft } from './mapping.ts';

/** What a table is read as. */
export type TableRole = 'events' | 'catalogue' | 'left-out';

/** Keys of the intake that the user or a manifest set; `join`, `leftOut` and `decimal` follow the proposal until then. */
export type IntakeChosen = readonly (keyof Intake)[];

export const ALL_CHOSEN: IntakeChosen = Object.keys(DEFAULT_INTAKE) as (keyof Intake)[];

export function tableRole(intake: Intake, name: string): TableRole {
  if (intake.leftOut.includes(name)) return 'left-out';
  return intake.join?.table === name ? 'catalogue' : 'events';
}

/** With another role for a table. There is one catalogue: another one that was it holds events from then on. */
export function withRole(intake: Intake, previews: readonly FilePreview[], name: string, role: TableRole): Intake {
  const leftOut = intake.leftOut.filter((other) => other !== name);
  const join = intake.join?.table === name ? null : intake.join;
  if (role === 'left-out') return { ...intake, join, leftOut: [...leftOut, name] };
  return { ...intake, leftOut, join: role === 'catalogue' ? joinOn(previews, { ...intake, leftOut }, name) : join };
}

/**
 * A join with this table, on the column that it has in common with the events and that repeats least in it; where there is none, on the
 * first of each. Columns of row numbers join nothing.
 */
function joinOn(previews: readonly FilePreview[], intake: Intake, table: string): Join {
  const catalogue = previews.find((p) => p.name === table);
  const events = commonColumns(eventTables(previews, { ...intake, join: { table, on: '', key: '' } }));
  const keys = (catalogue?.header ?? []).filter((name) => !isRowNumber(profileOf(catalogue, name)));
  const shared = keys.filter((name) => events.includes(name));
  const variety = (name: string): number => varietyOf(profileOf(catalogue, name));
  const best = shared.reduce<string | undefined>((a, b) => (a === undefined || variety(b) > variety(a) ? b : a), undefined);
  return { table, on: best ?? events[0] ?? '', key: best ?? keys[0] ?? '' };
}

const profileOf = (preview: FilePreview | undefined, name: string): ColumnProfile | undefined =>
  preview?.columns.find((column) => column.name === name);
const isRowNumber = (column: ColumnProfile | undefined): boolean => column?.kind === 'index' || column?.kind === 'time';
/** Share of the cells that hold another value than all others, 0..1. */
const varietyOf = (column: ColumnProfile | undefined): number =>
  column && column.sampled > column.missing ? column.distinct / (column.sampled - column.missing) : 0;

/** The intake as far as somebody chose it, to be asked for a proposal with: what was only proposed may be otherwise among other tables. */
export const chosenOf = (intake: Intake, chosen: IntakeChosen): Intake => ({
  ...intake,
  join: chosen.includes('join') ? intake.join : null,
  leftOut: chosen.includes('leftOut') ? intake.leftOut : [],
});

/** What was proposed, in the place of what nobody set. */
export function followProposal(intake: Intake, chosen: IntakeChosen, { join, decimal }: MappingProposal): Intake {
  return {
    ...intake,
    ...(chosen.includes('join') ? {} : { join: join?.join ?? null }),
    ...(chosen.includes('join') || chosen.includes('leftOut') ? {} : { leftOut: join?.leftOut ?? [] }),
    ...(chosen.includes('decimal') ? {} : { decimal }),
  };
}

/** Without what was said of these tables; `note` tells of a join that went with its catalogue. */
export function withoutTables(
  intake: Intake,
  names: readonly string[],
): { readonly intake: Intake; readonly note: string | null } {
  const gone = (name: string): boolean => names.includes(name);
  const lost = intake.join !== null && gone(intake.join.table);
  return {
    intake: {
      ...intake,
      forms: Object.fromEntries(Object.entries(intake.forms).filter(([name]) => !gone(name))),
      leftOut: intake.leftOut.filter((name) => !gone(name)),
      join: lost ? null : intake.join,
    },
    note: lost ? `The columns of ${intake.join.table} went with it: nothing is joined any more.` : null,
  };
}

/** With one more choice of a table's form; null = as detected again. */
export function withForm(forms: Intake['forms'], table: string, choice: FormChoice | null): Intake['forms'] {
  const { [table]: former, ...others } = forms;
  if (choice === null) return others;
  const dialect = { ...former?.dialect, ...choice.dialect };
  return { ...others, [table]: { ...former, ...choice, ...(Object.keys(dialect).length > 0 ? { dialect } : {}) } };
}

/** What keeps the tables from being read together, in the user's words. */
export function intakeProblems(intake: Intake, previews: readonly FilePreview[]): string[] {
  const events = eventTables(previews, intake);
  if (previews.length > 0 && events.length === 0) return ['No table holds events: choose “events” for one.'];
  const { join } = intake;
  if (join === null) return [];
  const catalogue = previews.find(({ name }) => name === join.table);
  if (!catalogue) return [`The catalogue ${join.table} is not loaded.`];
  return [
    ...(commonColumns(events).includes(join.on) ? [] : [`The events have no column “${join.on}” to join on.`]),
    ...(catalogue.header.includes(join.key) ? [] : [`${join.table} has no column “${join.key}” to join on.`]),
  ];
}

interface Asked {
  readonly mapping: MappingDraft;
  readonly choices: Choices;
  readonly intake: Intake;
  readonly previews: readonly FilePreview[];
}

/** What the files do not tell of the time column and nobody has answered: which part of its dates is the day, and what day 0 is. */
export function openQuestions({ mapping, choices, intake, previews }: Asked): Question[] {
  return questionsOf(mapping, columnLooks(previews, intake), choices.timeFormat !== undefined && choices.time === mapping.time);
}

export const QUESTION_PROBLEMS: Readonly<Record<Question['kind'], string>> = {
  'date-order': 'Say which part of the dates is the day.',
  'time-origin': 'Say which date is day 0.',
};
