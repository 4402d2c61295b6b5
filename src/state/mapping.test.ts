import { describe, expect, it } from 'vitest';
import { DEFAULT_INTAKE, DEFAULT_SETTINGS, type FilePreview, type RunManifest, type TableForm } from '../domain/index.ts';
import { checkManifest, commonColumns, EMPTY_MAPPING, formatOf, mappingProblems, roleOf, settingsProblems } from './mapping.ts';

const FORM: TableForm = {
  format: 'text',
  packed: null,
  encoding: 'utf-8',
  dialect: { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true },
  sheet: null,
  sheets: [],
};

const preview = (name: string, sha256: string, header: string[]): FilePreview => ({
  name,
  file: name,
  size: 1,
  sha256,
  form: FORM,
  sureness: {},
  header,
  rows: [],
  rowCount: 1,
  columns: [],
});

const draft = { ...EMPTY_MAPPING, user: 'u', time: 't', text: ['a', 'b'] };

describe('mapping', () => {
  it('only columns that every file has can be mapped', () => {
    const files = [preview('1', 'x', ['u', 't', 'a', 'b']), preview('2', 'y', ['b', 'u', 't'])];
    expect(commonColumns(files)).toEqual(['u', 't', 'b']);
    expect(commonColumns([])).toEqual([]);
    expect(mappingProblems(draft, files, DEFAULT_INTAKE)).toEqual(['2 has no column “a”.']);
  });

  it('a template that can’t be read keeps the run from starting, with its place', () => {
    const files = [preview('1', 'x', ['u', 't', 'a', 'b'])];
    expect(mappingProblems({ ...draft, template: '{a} - {b}' }, files, DEFAULT_INTAKE)).toEqual([]);
    const [problem, ...others] = mappingProblems({ ...draft, template: '{a} - {u}' }, files, DEFAULT_INTAKE);
    expect(problem).toMatch(/^At character 7 of the template "u" is none of the text columns\. Text columns are a, b\./);
    expect(others).toEqual([]);
  });

  it('another time column brings the way that it is written', () => {
    const times = { kind: 'time', missing: 0, distinct: 9, sampled: 9, examples: [], timeAmbiguous: false } as const;
    const column = { ...times, name: 'when', timeFormat: 'unix-seconds' } as const;
    const files = [{ ...preview('1', 'x', ['when', 'note']), columns: [column] }];
    expect(formatOf({ time: 'when' }, files, DEFAULT_INTAKE)).toEqual({ timeFormat: 'unix-seconds' });
    expect(formatOf({ time: 'note' }, files, DEFAULT_INTAKE)).toEqual({});
    expect(formatOf({ user: 'when' }, files, DEFAULT_INTAKE)).toEqual({});
  });

  it('a column tells its role', () => {
    expect(['u', 'b', 'z'].map((c) => roleOf(draft, c))).toEqual(['user', 'text', null]);
  });

  it('wrong settings are told by key', () => {
    expect(settingsProblems(DEFAULT_SETTINGS)).toEqual({});
    expect(Object.keys(settingsProblems({ ...DEFAULT_SETTINGS, timeZone: 'Mars/Base', kMin: 9, kMax: 3, windows: '' }))).toEqual([
      'windows',
      'timeZone',
      'kMax',
    ]);
    // What the parser refuses is told here, before a run.
    for (const windows of ['P1D/P7D', 'P1234567D', 'PT24H/P1D'])
      expect(settingsProblems({ ...DEFAULT_SETTINGS, windows })).toHaveProperty('windows');
    const layout = { ...DEFAULT_SETTINGS.layout, epochs: 0 };
    expect(settingsProblems({ ...DEFAULT_SETTINGS, layout }).layout).toMatch(/"epochs" is 0/);
  });
});

describe('manifest against the loaded files', () => {
  const manifest: RunManifest = {
    manifest: 1,
    app: '0',
    files: [
      { name: 'a.csv', sha256: 'A' },
      { name: 'b.csv', sha256: 'B' },
    ],
    mapping: { ...draft },
    intake: DEFAULT_INTAKE,
    settings: DEFAULT_SETTINGS,
    model: { id: '', dtype: '', device: '', sha256: '' },
    compute: { device: '', adapter: '' },
  };

  it('files are compared by content: a renamed file is the same, a changed one is not', () => {
    expect(checkManifest(manifest, [preview('other.csv', 'B', []), preview('a.csv', 'A', [])]).same).toBe(true);
    expect(checkManifest(manifest, [preview('a.csv', 'changed', []), preview('c.csv', 'C', [])])).toEqual({
      same: false,
      changed: ['a.csv'],
      missing: ['b.csv'],
      extra: ['c.csv'],
    });
    const twice = [preview('a.csv', 'A', []), preview('b.csv', 'B', []), preview('again.csv', 'B', [])];
    expect(checkManifest(manifest, twice)).toMatchObject({ same: false, extra: ['again.csv'] });
  });
});
