import type { DecimalMark } from '../domain/index.ts';

/** Reads one text as a number; NaN where it is none as a whole. */
export type NumberParser = (text: string) => number;

const PLAIN = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
/** No number is longer; patterns need not be asked of a cell that holds a novel. */
const LONGEST = 400;

/** Blanks (also hard, thin and narrow ones) and apostrophes group digits whatever the decimal mark is. */
const GROUPERS = String.raw` \u00a0\u2009\u202f'’`;
const SIGN = '[+\\-\u2212]';
const CURRENCY = String.raw`(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3}|kr\.?|zł|Kč|Ft|Fr\.?|元|円|원|руб\.?)`;

/**
 * Numbers as people and spreadsheets write them: 1,234.5 · 1 234,5 · 1'234 · 12,34,567 · $ -3 · (3.00) · 3 EUR · 12 % (= .12) · 1.5e3 ·
 * 3.00- (a sign behind). What groups digits must do so rightly: with a point as decimal mark 1,5 is no number, rather than 15 or 1.5.
 */
export function numberParser(decimal: DecimalMark): NumberParser {
  const pattern = WRITTEN[decimal];
  return (text) => {
    const trimmed = text.trim();
    if (trimmed.length > LONGEST) return Number.NaN;
    if (decimal === '.' && PLAIN.test(trimmed)) return finite(Number(trimmed));
    const parts = pattern.exec(trimmed)?.groups;
    return parts ? amountOf(parts, decimal) : Number.NaN;
  };
}

const WRITTEN: Readonly<Record<DecimalMark, RegExp>> = { '.': written('.', ','), ',': written(',', '.') };

function written(decimal: DecimalMark, grouper: DecimalMark): RegExp {
  const groups = String.raw`\d{1,3}(?<sep>[${grouper}${GROUPERS}])\d{3}(?:\k<sep>\d{3})*`;
  // As in India: thousands, then hundreds of them.
  const lakhs = String.raw`\d{1,2}(?:[${grouper}]\d{2})+[${grouper}]\d{3}`;
  const digits = String.raw`(?<digits>(?:${groups}|${lakhs}|\d+)(?:[${decimal}]\d*)?|[${decimal}]\d+)`;
  // At most one blank between parts: with any number of them, a long run would be cut up in every way before it is given up.
  const ahead = String.raw`(?<open>\()?\s?(?<sign1>${SIGN})?\s?(?:${CURRENCY})?\s?(?<sign2>${SIGN})?\s?`;
  const behind = String.raw`(?<exponent>[eE][+-]?\d{1,3})?\s?(?:${CURRENCY}|(?<percent>%))?\s?(?<sign3>-)?\s?(?<close>\))?`;
  return new RegExp(`^${ahead}${digits}${behind}$`, 'u');
}

const UNGROUP: Readonly<Record<DecimalMark, RegExp>> = {
  '.': new RegExp(`[,${GROUPERS}]`, 'gu'),
  ',': new RegExp(`[.${GROUPERS}]`, 'gu'),
};

function amountOf(parts: Readonly<Record<string, string | undefined>>, decimal: DecimalMark): number {
  const { open, close, sign1, sign2, sign3, digits = '', exponent = '', percent } = parts;
  const signs = [sign1, sign2, sign3, open].filter((sign) => sign !== undefined);
  if ((open === undefined) !== (close === undefined) || signs.length > 1) return Number.NaN;
  const plain = digits.replace(UNGROUP[decimal], '').replace(',', '.');
  // The point is shifted in the text: 33.3 / 100 is not .333.
  const size = Number(`${plain}e${Number(exponent.slice(1)) - (percent === undefined ? 0 : 2)}`);
  return finite(signs.length === 1 && signs[0] !== '+' ? -size : size);
}

/** -0 is 0. */
const finite = (value: number): number => (Number.isFinite(value) ? value + 0 : Number.NaN);

/** Which decimal mark a column of numbers has. */
export interface NumberWriting {
  readonly mark: DecimalMark;
  /** Both marks fit equally many values, and some give another number: 1.234 or 1,234 and nothing that tells. */
  readonly ambiguous: boolean;
  /** Share of the values that are numbers with that mark. */
  readonly share: number;
}

const point = numberParser('.');
const comma = numberParser(',');

/**
 * The mark with which more values are numbers; a point where both do alike, which is how programs write. So 1.234 alone is one and a bit,
 * and 1,234 alone a thousand and some.
 */
export function numberWriting(values: Iterable<string>): NumberWriting {
  let [count, points, commas, differ] = [0, 0, 0, 0];
  for (const value of values) {
    const [p, c] = [point(value), comma(value)];
    count++;
    if (!Number.isNaN(p)) points++;
    if (!Number.isNaN(c)) commas++;
    if (!Number.isNaN(p) && !Number.isNaN(c) && p !== c) differ++;
  }
  const mark = commas > points ? ',' : '.';
  return { mark, ambiguous: points === commas && differ > 0, share: count === 0 ? 0 : Math.max(points, commas) / count };
}
