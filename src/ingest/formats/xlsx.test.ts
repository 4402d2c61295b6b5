import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../domain/index.ts';
import { fixture, readTable } from './fixture-files.fixture.ts';

describe('Excel workbooks', () => {
  test('the first sheet is read below its title, cells as they are shown, lines as the sheet counts rows', async () => {
    const { form, header, rows, lines } = await readTable('book.xlsx', fixture('book.xlsx'));
    expect(form).toMatchObject({
      sheet: 'Events & more',
      sheets: ['Events & more', 'Users', 'Empty'],
      dialect: { skip: 2, header: true },
    });
    expect(header).toEqual(['user', 'when', 'text', 'paid', 'ok', 'formula']);
    expect(rows).toEqual([
      // A formula whose result was never saved is an empty cell.
      ['17850', '2024-05-06T07:08:09', ' é日😀 ', '1.1', 'true', ''],
      ['u2', '2024-02-29', 'a|b', '0.3', 'false', ''],
      [''],
      ['123456789012345', '23:59:59', '', '-5', '', ''],
    ]);
    expect(lines).toEqual([4, 5, 6, 7]);
  });

  test('another sheet, other rows to skip and no header can be set', async () => {
    const users = await readTable('book.xlsx', fixture('book.xlsx'), { sheet: 'Users' });
    expect(users).toMatchObject({ header: ['user', 'city'], rows: [['u2', 'Ulm']], lines: [2] });
    const bare = await readTable('book.xlsx', fixture('book.xlsx'), { sheet: 'Users', dialect: { skip: 1, header: false } });
    expect(bare).toMatchObject({ header: ['column 1', 'column 2'], rows: [['u2', 'Ulm']] });
  });

  test('a sheet whose first row has numbers and dates as the next has no header', async () => {
    const { form, header, rows } = await readTable('plain.xlsx', fixture('no-header.xlsx'));
    expect(form.dialect).toMatchObject({ skip: 0, header: false });
    expect(header).toEqual(['column 1', 'column 2', 'column 3']);
    expect(rows).toHaveLength(30);
    expect(rows[29]).toEqual(['u29', '2024-01-30T12:00:00', '29']);
  });

  test('a sheet of notes without rows below a header is passed by for one with rows, unless it is chosen', async () => {
    const found = await readTable('notes.xlsx', fixture('notes-first.xlsx'));
    expect(found.form).toMatchObject({ sheet: 'Visits', sheets: ['Notes', 'Visits'] });
    expect(found.rows).toEqual([
      ['u1', 'Green tea'],
      ['u2', 'Rowing'],
    ]);
    const chosen = await readTable('notes.xlsx', fixture('notes-first.xlsx'), { sheet: 'Notes' });
    expect(chosen.form.sheet).toBe('Notes');
  });

  test('an empty sheet has no column and no row', async () => {
    expect(await readTable('book.xlsx', fixture('book.xlsx'), { sheet: 'Empty' })).toMatchObject({ header: [], rows: [] });
  });

  test('cut off or with bits flipped anywhere it is refused in words, or read', { timeout: 60_000 }, async () => {
    const whole = fixture('book.xlsx');
    const spoilt = fc.oneof(
      fc.integer({ min: 4, max: whole.length - 1 }).map((length) => whole.slice(0, length)),
      fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 })).map(([at, bit]) => {
        const bytes = whole.slice();
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        return bytes;
      }),
    );
    await fc.assert(
      fc.asyncProperty(spoilt, async (bytes) => {
        const read = await readTable('spoilt.xlsx', bytes).catch((error: unknown) => error);
        if (read instanceof Error) expect(read).toBeInstanceOf(AppError);
      }),
      { numRuns: 60 },
    );
  });
});
