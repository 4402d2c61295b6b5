import type { ColumnMapping, ColumnProfile, Intake, TimeFormat } from '../../domain/index.ts';
import { tidyCell } from '../cell-words.ts';
import { missingTest } from '../cells.ts';
import { numberParser } from '../numbers.ts';
import { timeParser } from '../time.ts';
import { numberCells, timeCells } from '../typed-cells.ts';
import type { ReadNumbers } from './quality.ts';

/** How cells of a column are read for its histogram: as the mapping has it, else as it looks; null where it holds no numbers or times. */
export function columnNumbers(mapping: ColumnMapping, intake: Intake): (profile: ColumnProfile) => ReadNumbers | null {
  const { missing, zone } = intake;
  const tidy = tidyCell(missingTest(missing));
  const times = (format: TimeFormat, origin: string | null): ReadNumbers => ({
    type: 'time',
    number: timeCells(format, timeParser(format, { zone, origin }), tidy, missing, zone === 'UTC'),
  });
  return ({ name, kind, timeFormat, decimal }) => {
    if (name === mapping.time) return times(mapping.timeFormat, mapping.timeOrigin);
    if (kind === 'time' && timeFormat !== null) return times(timeFormat, null);
    const isMapped = name === mapping.value || mapping.numbers.includes(name);
    if (kind !== 'number' && !isMapped) return null;
    const mark = isMapped ? intake.decimal : (decimal?.mark ?? intake.decimal);
    return { type: 'number', number: numberCells(numberParser(mark), tidy, missing, mark === '.') };
  };
}
