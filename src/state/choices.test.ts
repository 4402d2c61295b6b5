import { describe, expect, it } from 'vitest';
import { type ColumnProfile, DEFAULT_INTAKE, type FilePreview, type TableForm, type TimeFormat } from '../domain/index.ts';
import { addChoice, applyChoices, type Choices, withChange } from './choices.ts';
import { EMPTY_MAPPING } from './mapping.ts';

const timeColumn = (name: string, timeFormat: TimeFormat, timeAmbiguous = false): ColumnProfile => ({
  name,
  kind: 'time',
  missing: 0,
  distinct: 9,
  sampled: 9,
  examples: [],
  timeFormat,
  timeAmbiguous,
});

const FORM: TableForm = {
  format: 'text',
  packed: null,
  encoding: 'utf-8',
  dialect: { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true },
  sheet: null,
  sheets: [],
};

const preview = (columns: ColumnProfile[], others: string[]): FilePreview => ({
  name: 'a.csv',
  file: 'a.csv',
  size: 1,
  sha256: 'x',
  form: FORM,
  sureness: {},
  header: [...columns.map((c) => c.name), ...others],
  rows: [],
  rowCount: 1,
  columns,
});

const proposed = {
  ...EMPTY_MAPPING,
  user: 'who',
  time: 'when',
  text: ['what'],
  type: 'kind',
  timeFormat: 'mdy',
} as const;
const files = [preview([timeColumn('when', 'mdy'), timeColumn('until', 'dmy', true)], ['who', 'what', 'kind', 'note'])];

describe('mapping as proposed but for what was chosen', () => {
  it('what nobody chose follows the proposal, what was chosen stays', () => {
    expect(applyChoices(proposed, {}, files, DEFAULT_INTAKE)).toEqual(proposed);
    const choices = { text: ['note'], type: null };
    expect(applyChoices({ ...proposed, timeFormat: 'dmy' }, choices, files, DEFAULT_INTAKE)).toEqual({
      ...proposed,
      ...choices,
      timeFormat: 'dmy',
    });
  });

  it('a known group that becomes part of the texts is none any more, until it is chosen again', () => {
    const state = { mapping: { ...proposed, label: 'note' }, choices: {}, previews: files, intake: DEFAULT_INTAKE };
    expect(withChange(state, { text: ['what'] }).mapping.label).toBe('note');
    const changed = { ...state, ...withChange(state, { text: ['what', 'note'] }) };
    expect(changed).toMatchObject({ mapping: { label: null }, choices: { label: null } });
    expect(withChange(changed, { label: 'note' }).mapping).toMatchObject({ label: 'note', text: ['what', 'note'] });
  });

  it('a choice that the files do not fit waits, and counts again with files that it fits', () => {
    const choices = { user: 'client', text: ['what', 'more'] };
    expect(applyChoices(proposed, choices, files, DEFAULT_INTAKE)).toEqual(proposed);
    const fitting = [preview([timeColumn('when', 'mdy')], ['who', 'what', 'more', 'client'])];
    expect(applyChoices(proposed, choices, fitting, DEFAULT_INTAKE)).toMatchObject(choices);
  });

  it('how a time is written is a choice for its column only', () => {
    const choices = addChoice({}, { timeFormat: 'dmy' }, proposed);
    expect(applyChoices(proposed, choices, files, DEFAULT_INTAKE)).toMatchObject({ time: 'when', timeFormat: 'dmy' });
    const other = addChoice(choices, { time: 'until' }, proposed);
    expect(other).toEqual({ time: 'until' });
    expect(applyChoices(proposed, { ...choices, time: 'gone' }, files, DEFAULT_INTAKE).timeFormat).toBe('mdy');
  });

  const titled = { text: ['what', 'note'], template: '{what}: {note}' };
  const chosen = (...changes: Choices[]) => {
    let state: Parameters<typeof withChange>[0] = {
      ...{ mapping: { ...proposed, text: ['what', 'note'] }, choices: {} },
      ...{ previews: files, intake: DEFAULT_INTAKE },
    };
    for (const change of changes) state = { ...state, ...withChange(state, change) };
    return state;
  };

  it('a template is a choice for the text columns that it was made of', () => {
    const { mapping, choices } = chosen({ template: titled.template });
    expect(mapping).toMatchObject(titled);
    expect(choices).toEqual(titled);
    expect(applyChoices(proposed, choices, files, DEFAULT_INTAKE)).toMatchObject(titled);
    const others = [preview([timeColumn('when', 'mdy')], ['who', 'what'])];
    expect(applyChoices(proposed, choices, others, DEFAULT_INTAKE)).toMatchObject({ text: ['what'], template: null });
  });

  it('with other text columns the template names those', () => {
    const more = chosen({ template: titled.template }, { text: ['what', 'note', 'kind'] });
    expect(more.mapping.template).toBe('{what}: {note} {kind}');
    expect(more.choices).toEqual({ text: ['what', 'note', 'kind'], template: '{what}: {note} {kind}' });
    expect(chosen({ template: titled.template }, { text: ['what'] }).mapping.template).toBeNull();
    expect(chosen({ text: ['what'] }).choices).toEqual({ text: ['what'] });
  });

  it('a chosen time column is written as the file says that leaves no doubt', () => {
    const settled = [...files, preview([timeColumn('when', 'mdy'), timeColumn('until', 'mdy')], ['who', 'what', 'kind'])];
    expect(applyChoices(proposed, { time: 'until' }, files, DEFAULT_INTAKE).timeFormat).toBe('dmy');
    expect(applyChoices({ ...proposed, timeFormat: 'iso' }, { time: 'until' }, settled, DEFAULT_INTAKE).timeFormat).toBe('mdy');
  });
});
