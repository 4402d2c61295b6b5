import { columnLooks, eventTables, fillTemplate, type Intake, templateOf, templateProblem } from '../domain/index.ts';
import type { AppData } from './app-state.ts';
import type { MappingDraft } from './mapping.ts';

const SHOWN = 4;

/** Texts as the mapping makes them, from rows over all the files once a survey is there, and at once from the first rows. Empty while it can't. */
export function textPreview({ mapping, previews, intake, survey }: Pick<AppData, 'mapping' | 'previews' | 'intake' | 'survey'>): {
  readonly texts: readonly string[];
  readonly from: 'files' | 'first rows';
} {
  if (survey.survey !== null && !survey.going && survey.error === null) {
    return { texts: survey.survey.texts.slice(0, SHOWN), from: 'files' };
  }
  return { texts: textsOfFirstRows(mapping, previews, intake), from: 'first rows' };
}

/** Of tables that have all columns of the template themselves: those of a catalogue and computed ones are known to a survey only. */
function textsOfFirstRows(mapping: MappingDraft, previews: AppData['previews'], intake: Intake): string[] {
  if (mapping.text.length === 0 || templateProblem(mapping)) return [];
  const template = templateOf(mapping);
  const missing = new Set(['', ...intake.missing]);
  const texts = eventTables(previews, intake).flatMap(({ header, rows }) => {
    const at = template.columns.map((name) => header.indexOf(name));
    if (at.includes(-1)) return [];
    return rows.flatMap((row) => {
      const cells = at.map((i) => (row[i] ?? '').trim()).map((cell) => (missing.has(cell) ? null : cell));
      return fillTemplate(template, cells)?.replaceAll(/\s+/g, ' ') ?? [];
    });
  });
  return [...new Set(texts)].slice(0, SHOWN);
}

/** Columns that look like numbers, those that are computed, and what is chosen already. */
export function numberColumns({ mapping, previews, intake }: Pick<AppData, 'mapping' | 'previews' | 'intake'>): string[] {
  const isNumber = (example: string): boolean => example.trim() !== '' && !Number.isNaN(Number(example));
  const found = columnLooks(previews, intake).flatMap(({ columns }) =>
    columns.filter((c) => c.kind === 'number' || (c.kind !== 'time' && c.examples.length > 0 && c.examples.every(isNumber))),
  );
  const taken = [mapping.user, mapping.time, mapping.item, mapping.value];
  const free = [...found.map(({ name }) => name), ...intake.derived.map(({ name }) => name)].filter(
    (name) => !taken.includes(name),
  );
  return [...new Set([...free, ...mapping.numbers])];
}
