export type CellType = 'empty' | 'number' | 'time' | 'code' | 'text' | 'odd';

const NUMBER = /^[-+]?[$€£¥]?\s?(\d{1,3}([,. '\u00a0\u202f]\d{3})+|\d+)?([.,]\d+)?([eE][-+]?\d+)?\s?[%€$£¥]?$/;
const TIME =
  /^\d{1,4}([-/.年]\d{1,2}([-/.月]\d{1,4}日?)?)([T ,]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?)?( ?(Z|UTC|[-+]\d{2}:?\d{2}))?$|^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?$/;
const NAMED_TIME =
  /^(\p{L}{3,9}[,.]? )?(\d{1,2}(st|nd|rd|th)?[- ]\p{L}{3,9}\.?[- ,]+\d{2,4}|\p{L}{3,9}\.? \d{1,2}(st|nd|rd|th)?,? \d{4})([ ,]+\d{1,2}:\d{2}(:\d{2})?( ?[AaPp]\.?[Mm]\.?)?)?( [-+A-Z]\S*)?$/u;
/** One word of letters, digits and the marks of names, addresses and ids. */
const CODE = /^[\p{L}\p{N}_.@#/\\+()*'’-]+$/u;
const LINK = /^[a-z][a-z0-9+.-]{1,9}:\/\/\S+$/i;
/** A separator with no blank behind it is no punctuation: the cell was cut at the wrong places. */
const UNCUT = /[\t|^~¦]|[,;](?=[^\s\d])|,(?=\d+,|\d{4})|:(?=\p{L})|::/u;

/** A cell as one would sort it at a glance; `odd` holds what looks like a separator. */
export function cellType(cell: string): CellType {
  const text = cell.trim();
  if (text === '') return 'empty';
  if (text.length > 60) return UNCUT.test(text) ? 'odd' : 'text';
  if (/\d/.test(text)) {
    if (NUMBER.test(text)) return 'number';
    if (TIME.test(text) || NAMED_TIME.test(text)) return 'time';
  }
  if (CODE.test(text) || LINK.test(text)) return 'code';
  return UNCUT.test(text) || MANY_NUMBERS.test(text) ? 'odd' : 'text';
}

/** Numbers or dates with blanks between: a table cut at blanks, or not cut at all. */
const MANY_NUMBERS = /^\S*\d\S*( +\S*\d\S*)+$/;

/** How much it speaks for a way of cutting that it gives such a cell. */
export const TYPE_WEIGHT: Readonly<Record<CellType, number>> = { empty: 0.5, number: 1, time: 1, code: 1, text: 0.85, odd: 0.15 };
