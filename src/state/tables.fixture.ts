import type { ColumnProfile, FilePreview, TableForm } from '../domain/index.ts';

const FORM: TableForm = {
  format: 'text',
  packed: null,
  encoding: 'utf-8',
  dialect: { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true },
  sheet: null,
  sheets: [],
};

/** A table as a look would find it; its columns are of no interest but for those that are given. */
export const tableOf = (name: string, header: readonly string[], more: Partial<FilePreview> = {}): FilePreview => ({
  name,
  file: name,
  size: 10,
  sha256: `sha-${name}`,
  form: FORM,
  sureness: {},
  header,
  rows: [],
  rowCount: 3,
  columns: [],
  ...more,
});

export const timeProfile = (name: string, more: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  kind: 'time',
  missing: 0,
  distinct: 3,
  sampled: 3,
  examples: ['03/04/2024', '05/06/2024'],
  timeFormat: 'dmy',
  timeAmbiguous: false,
  ...more,
});
