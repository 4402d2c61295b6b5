import {
  availableColumns,
  type ColumnMapping,
  type ColumnRole,
  columnLooks,
  compareFiles,
  droppedFiles,
  eventTables,
  type FileComparison,
  type FilePreview,
  type Intake,
  isTimeZone,
  isWindowSpec,
  type MappingProposal,
  type RunManifest,
  retarget,
  type Settings,
  settingProblems,
  templateProblem,
} from '../domain/index.ts';

export { commonColumns } from '../domain/index.ts';

/** A mapping that may still lack its user or time column. */
export type MappingDraft = MappingProposal['mapping'];

export const EMPTY_MAPPING: MappingDraft = {
  user: null,
  time: null,
  text: [],
  type: null,
  item: null,
  value: null,
  label: null,
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
};

/** The draft as a mapping, or null while user, time or text are missing. */
export function completeMapping(draft: MappingDraft): ColumnMapping | null {
  const { user, time } = draft;
  return user === null || time === null || draft.text.length === 0 ? null : { ...draft, user, time };
}

/** With another time column comes the way that column is written, as far as it was recognised; a file that leaves no doubt decides. */
export function formatOf(change: Partial<MappingDraft>, previews: readonly FilePreview[], intake: Intake): Partial<MappingDraft> {
  const written = columnLooks(previews, intake).flatMap(({ columns }) =>
    columns.filter(({ name, timeFormat }) => name === change.time && timeFormat !== null),
  );
  const format = (written.find((column) => !column.timeAmbiguous) ?? written[0])?.timeFormat;
  return format ? { timeFormat: format } : {};
}

/** With other text columns comes a template that names them. */
export const templateFor = ({ text }: Partial<MappingDraft>, now: MappingDraft): Partial<MappingDraft> =>
  text === undefined || now.template === null ? {} : { template: retarget(now.template, now.text, text) };

/** A column that becomes part of the texts is no known group any more: segments are made of it, and would agree with it by themselves. */
export const labelFor = ({ text }: Partial<MappingDraft>, { label }: MappingDraft): Partial<MappingDraft> =>
  text !== undefined && label !== null && text.includes(label) ? { label: null } : {};

/** The part that a column plays, or null. */
export function roleOf(draft: MappingDraft, column: string): ColumnRole | null {
  if (draft.text.includes(column)) return 'text';
  if (draft.numbers.includes(column)) return 'numbers';
  const roles = ['user', 'time', 'type', 'item', 'value', 'label'] as const;
  return roles.find((role) => draft[role] === column) ?? null;
}

/** What keeps the analysis from starting, in the user's words; empty when nothing does. */
export function mappingProblems(draft: MappingDraft, previews: readonly FilePreview[], intake: Intake): string[] {
  const problems: string[] = [];
  if (previews.length === 0) problems.push('Add a file.');
  const missing = [
    draft.user === null ? 'who (user)' : '',
    draft.time === null ? 'when (time)' : '',
    draft.text.length === 0 ? 'what (text)' : '',
  ].filter(Boolean);
  if (missing.length > 0) problems.push(`Choose the column for ${missing.join(' and ')}.`);
  const template = draft.text.length === 0 ? null : templateProblem(draft);
  if (template) problems.push(`${template.message} ${template.hint}`);
  return [...problems, ...absentColumns(draft, previews, intake)];
}

/** Columns that are not there: told of the tables that lack them, or of all where no table has one. */
function absentColumns(draft: MappingDraft, previews: readonly FilePreview[], intake: Intake): string[] {
  const available = availableColumns(previews, intake);
  const absent = columnsOf(draft).filter((name) => !available.includes(name));
  const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ');
  return eventTables(previews, intake).flatMap(({ name, header }) => {
    const own = absent.filter((column) => !header.includes(column));
    return own.length > 0 ? [`${name} has no column ${quoted(own)}.`] : [];
  });
}

export function columnsOf(draft: MappingDraft): string[] {
  const single = [draft.user, draft.time, draft.type, draft.item, draft.value, draft.label];
  return [...new Set([...single.filter((name) => name !== null), ...draft.numbers, ...draft.text])];
}

export const checkManifest = (manifest: RunManifest, previews: readonly FilePreview[]): FileComparison =>
  compareFiles(manifest, droppedFiles(previews));

/** What is wrong with the settings, by key; empty when all is well. */
export function settingsProblems(settings: Settings): Partial<Record<keyof Settings, string>> {
  const problems: Partial<Record<keyof Settings, string>> = {};
  if (!isWindowSpec(settings.windows)) problems.windows = 'Write P7D (days) or PT12H (hours), or P28D/P7D for rolling windows.';
  if (!isTimeZone(settings.timeZone)) problems.timeZone = 'Not a time zone that this browser knows.';
  for (const { path, what, hint } of settingProblems(settings)) {
    const key = path.split('.')[0] as keyof Settings;
    problems[key] ??= `${what} ${hint}`;
  }
  return problems;
}
