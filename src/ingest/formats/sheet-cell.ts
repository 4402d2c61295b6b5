import { dateText, timestampText } from './typed-text.ts';

/** A cell as the reader gives it; numbers as text, with the digits that the file has. */
export type SheetCell = string | SheetNumber | boolean | Date | null;
export type SheetRow = readonly SheetCell[];

/** Told apart from a text that only looks like a number. */
export class SheetNumber {
  readonly text: string;

  constructor(written: string) {
    // 1.1 may be written as 1.1000000000000001; a whole number may be an id that is longer than a double holds.
    this.text = /^-?\d+$/.test(written) ? written : String(Number(written));
  }
}

export function cellText(cell: SheetCell): string {
  if (cell instanceof Date) return sheetDateText(cell.getTime());
  return cell instanceof SheetNumber ? cell.text : String(cell ?? '');
}

const DAY = 86_400_000;
const SECOND = 1000;

/** A time of day alone counts from the day before 1900. Days are doubles, so a whole second may come a millisecond too early. */
function sheetDateText(time: number): string {
  const whole = Math.round(time / SECOND) * SECOND;
  const ms = Math.abs(whole - time) <= 1 ? whole : Math.round(time);
  if (ms % DAY === 0) return dateText(ms / DAY);
  const text = timestampText(ms, 'milliseconds', false);
  return text < '1900' ? text.slice(text.indexOf('T') + 1) : text;
}
