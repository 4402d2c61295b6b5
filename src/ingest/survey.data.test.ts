import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type ByteSource,
  type Cleaning,
  type ColumnMapping,
  DEFAULT_CLEANING,
  DEFAULT_INTAKE,
  type Intake,
  NO_LANGUAGES,
  type Survey,
  silentContext,
} from '../domain/index.ts';
import { openDuckDbInNode, setAsideCsv, surveyFiles } from './index.ts';
import { fileOf } from './test-files.fixture.ts';

/** Real exports, dirt included: the folder that MURMURATION_DATA names. All figures were counted with Python (csv, numpy). */
const ROOT = process.env.MURMURATION_DATA ?? '';

beforeAll(() => {
  if (ROOT === '' || !existsSync(ROOT))
    throw new Error('Set MURMURATION_DATA to the folder with the data sets (online-retail, ...).');
});

const open = (path: string): ByteSource => fileOf(basename(path), new Uint8Array(readFileSync(join(ROOT, path))));

const RETAIL: ColumnMapping = {
  user: 'CustomerID',
  time: 'InvoiceDate',
  timeFormat: 'mdy',
  timeOrigin: null,
  template: null,
  numbers: [],
  text: ['Description'],
  type: null,
  item: 'StockCode',
  value: 'Quantity',
  label: null,
};
/** A user that every row has: then every row can be read. */
const ALL_ROWS: ColumnMapping = { ...RETAIL, user: 'Country' };
const RULES: Cleaning['rules'] = [
  { column: 'InvoiceNo', test: 'starts-with', value: 'C' },
  { column: 'Quantity', test: 'negative', value: '' },
];
const intakeOf = (cleaning: Partial<Cleaning>): Intake => ({ ...DEFAULT_INTAKE, cleaning: { ...DEFAULT_CLEANING, ...cleaning } });
const survey = (mapping: ColumnMapping, cleaning: Partial<Cleaning> = { rules: RULES }): Promise<Survey> =>
  surveyFiles(
    [open('online-retail/OnlineRetail.csv.gz')],
    mapping,
    intakeOf(cleaning),
    silentContext,
    openDuckDbInNode,
    () => NO_LANGUAGES,
  );

describe('online-retail', () => {
  test('duplicates, cancelled and negative rows, and missing texts of all rows are counted as its makers and Python count them', async () => {
    const { cleaning, accounting } = await survey(ALL_ROWS);
    expect(cleaning).toMatchObject({ duplicates: 5_268, rules: [9_288, 10_624], missingText: 1_454, textFromItem: 1_342 });
    const [file] = accounting.files;
    expect(file?.setAside.reduce((sum, { count }) => sum + count, file.kept)).toBe(541_909);
    const reasons = Object.fromEntries(file?.setAside.map((s) => [s.reason, s]) ?? []);
    expect(reasons['InvoiceNo starts with "C"']?.count).toBe(9_288);
    expect(reasons['InvoiceNo starts with "C"']?.rows.length).toBe(100);
    expect(reasons['InvoiceNo starts with "C"']?.rows.every(([invoice]) => invoice?.startsWith('C'))).toBe(true);
  });

  test('of rows with a customer as many are touched as Python counts', async () => {
    const { cleaning } = await survey(RETAIL);
    expect(cleaning).toMatchObject({
      duplicates: 5_225,
      rules: [8_905, 8_905],
      outliers: 188,
      fewEvents: { rows: 197, users: 138 },
      bots: { rows: 5_128, users: 1 },
    });
    const iqr = { columns: [], method: 'iqr', limit: 1.5, action: 'mark' } as const;
    expect((await survey(RETAIL, { outliers: iqr })).cleaning.outliers).toBe(26_682);
  });

  test('columns are as Python counts them', async () => {
    const { quality, overTime, accounting } = await survey(RETAIL);
    const told = quality[0]?.columns.map((c) => [
      c.name,
      c.missing,
      c.distinct,
      c.distinctExact,
      c.top[0]?.value,
      c.top[0]?.count,
    ]);
    expect(told).toEqual([
      ['InvoiceNo', 0, 25_900, true, '573585', 1_114],
      ['StockCode', 0, 4_070, true, '85123A', 2_313],
      ['Description', 1_454, 4_211, true, 'WHITE HANGING HEART T-LIGHT HOLDER', 2_369],
      ['Quantity', 0, 722, true, '1', 148_227],
      ['InvoiceDate', 0, 23_260, true, '10/31/2011 14:41', 1_114],
      ['UnitPrice', 0, 1_630, true, '1.25', 50_496],
      ['CustomerID', 135_080, 4_372, true, '17841', 7_983],
      ['Country', 0, 38, true, 'United Kingdom', 495_478],
    ]);
    expect(quality[0]?.columns[4]?.histogram?.counts.reduce((a, b) => a + b)).toBe(541_909);
    expect(overTime.counts.reduce((a, b) => a + b)).toBe(accounting.files[0]?.kept);
  });

  test('all rows of a reason are saved as CSV', async () => {
    const parts = await setAsideCsv(
      [open('online-retail/OnlineRetail.csv.gz')],
      RETAIL,
      intakeOf({ rules: RULES }),
      'OnlineRetail.csv.gz',
      'InvoiceNo starts with "C"',
      silentContext,
      openDuckDbInNode,
    );
    expect(parts.join('').split('\r\n').length).toBe(1 + 8_905 + 1);
  });
});
