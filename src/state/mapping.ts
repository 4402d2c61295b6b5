import type { ColumnMapping, ColumnRole, FilePreview, MappingProposal, RunManifest, Settings } from '../domain/index.ts';

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
};

/** The draft as a mapping, or null while user, time or text are missing. */
export function completeMapping(draft: MappingDraft): ColumnMapping | null {
  const { user, time } = draft;
  return user === null || time === null || draft.text.length === 0 ? null : { ...draft, user, time };
}

/** With another time column comes the way that column is written, as far as it was recognised. */
export function formatOf(change: Partial<MappingDraft>, previews: readonly FilePreview[]): Partial<MappingDraft> {
  const format = previews[0]?.columns.find(({ name }) => name === change.time)?.timeFormat;
  return format ? { timeFormat: format } : {};
}

/** The part that a column plays, or null. */
export function roleOf(draft: MappingDraft, column: string): ColumnRole | null {
  if (draft.text.includes(column)) return 'text';
  const roles = ['user', 'time', 'type', 'item', 'value', 'label'] as const;
  return roles.find((role) => draft[role] === column) ?? null;
}

/** Columns that every file has, in the order of the first file. */
export function commonColumns(previews: readonly FilePreview[]): string[] {
  const [first, ...rest] = previews;
  return first ? first.header.filter((name) => rest.every((p) => p.header.includes(name))) : [];
}

/** What keeps the analysis from starting, in the user's words; empty when nothing does. */
export function mappingProblems(draft: MappingDraft, previews: readonly FilePreview[]): string[] {
  const problems: string[] = [];
  if (previews.length === 0) problems.push('Add a file.');
  const missing = [
    draft.user === null ? 'who (user)' : '',
    draft.time === null ? 'when (time)' : '',
    draft.text.length === 0 ? 'what (text)' : '',
  ].filter(Boolean);
  if (missing.length > 0) problems.push(`Choose the column for ${missing.join(' and ')}.`);
  for (const preview of previews) {
    const absent = columnsOf(draft).filter((name) => !preview.header.includes(name));
    if (absent.length > 0) problems.push(`${preview.name} has no column ${absent.map((a) => `“${a}”`).join(', ')}.`);
  }
  return problems;
}

export function columnsOf(draft: MappingDraft): string[] {
  const single = [draft.user, draft.time, draft.type, draft.item, draft.value, draft.label];
  return [...new Set([...single.filter((name) => name !== null), ...draft.text])];
}

/** How the loaded files compare with those a manifest names; compared by content, names only for the message. */
export interface ManifestCheck {
  /** Every file of the manifest is loaded, unchanged, and no other. */
  readonly same: boolean;
  /** Named by the manifest, same name loaded with other content. */
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

export function checkManifest(manifest: RunManifest, previews: readonly FilePreview[]): ManifestCheck {
  const loaded = new Set(previews.map((p) => p.sha256));
  const named = new Set(manifest.files.map((f) => f.sha256));
  const lost = manifest.files.filter((f) => !loaded.has(f.sha256));
  const other = previews.filter((p) => !named.has(p.sha256));
  const changed = lost.filter((f) => other.some((p) => p.name === f.name)).map((f) => f.name);
  const missing = lost.filter((f) => !changed.includes(f.name)).map((f) => f.name);
  const extra = other.filter((p) => !changed.includes(p.name)).map((p) => p.name);
  return { same: lost.length === 0 && other.length === 0, changed, missing, extra };
}

/** A window spec: a calendar word, or PnD / PTnH, with an optional step of the same form. */
const WINDOWS = /^(hour|day|week|month|quarter|year|(P[1-9]\d*D|PT[1-9]\d*H)(\/(P[1-9]\d*D|PT[1-9]\d*H))?)$/;

export const isWindowSpec = (text: string): boolean => WINDOWS.test(text);

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

/** What is wrong with the settings, by key; empty when all is well. */
export function settingsProblems(settings: Settings): Partial<Record<keyof Settings, string>> {
  const problems: Partial<Record<keyof Settings, string>> = {};
  if (!isWindowSpec(settings.windows)) problems.windows = 'Write P7D (days) or PT12H (hours), or P28D/P7D for rolling windows.';
  if (!isTimeZone(settings.timeZone)) problems.timeZone = 'Not a time zone that this browser knows.';
  if (settings.k === 'auto' && settings.kMin > settings.kMax) problems.kMax = 'Must not be below the smallest number to try.';
  return problems;
}
