import type { Encoding, Sureness } from '../../domain/index.ts';
import type { Bytes } from './blocks.ts';
import { decodeText } from './decode.ts';
import { BYTE_ENCODINGS, CUT, countWide, type ForeignPieces, type Validity } from './evidence.ts';
import { scriptOf } from './scripts.ts';

export interface FoundEncoding {
  readonly encoding: Encoding;
  readonly sureness: Sureness;
}

const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little-endian)',
  'utf-16be': 'UTF-16 (big-endian)',
  'windows-1252': 'Western European (Windows-1252)',
  gb18030: 'simplified Chinese (GB18030, GBK)',
  big5: 'traditional Chinese (Big5)',
  shift_jis: 'Japanese (Shift JIS)',
};

/** The encoding that a byte order mark tells, or null. */
export function markOf(head: Bytes): Encoding | null {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

/** A table in any language has that many separators, digits and line ends among its characters. */
const WIDE_ASCII = 0.02;

/**
 * UTF-16 without a mark: every ASCII character has a NUL beside it, always on the same side, whereas no text of bytes has a NUL.
 * @param blocks from all over the file, each beginning at an even place
 */
export function wideEncoding(blocks: readonly Bytes[]): Encoding | null {
  const sum = { le: 0, be: 0, units: 0 };
  for (const { le, be, units } of blocks.map(countWide)) {
    sum.le += le;
    sum.be += be;
    sum.units += units;
  }
  const [most, least] = [Math.max(sum.le, sum.be), Math.min(sum.le, sum.be)];
  if (most < Math.max(3, sum.units * WIDE_ASCII) || most < 4 * least) return null;
  const encoding = sum.le > sum.be ? 'utf-16le' : 'utf-16be';
  return blocks.every((bytes) => isCleanText(decodeText(bytes, encoding))) ? encoding : null;
}

/** Numbers in binary hit on characters that no text has: NUL, private use, unassigned, and controls of many kinds. */
const STRANGE_CHARACTERS = /[\0\p{Co}\p{Cn}\p{Cs}\ufffd]/gu;
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;

function isCleanText(text: string): boolean {
  const controls = new Map<string, number>();
  for (const c of text.match(CONTROLS) ?? []) controls.set(c, (controls.get(c) ?? 0) + 1);
  // One of them may be the delimiter.
  const [, ...others] = [...controls.values()].sort((a, b) => b - a);
  const strange = (text.match(STRANGE_CHARACTERS)?.length ?? 0) + others.reduce((a, b) => a + b, 0);
  return strange <= 2 + text.length / 100;
}

/** What a malformed piece of text costs, in nats, against a typical character's five to seven. */
const MALFORMED = 16;
/** The beginning of a character at the end of what is known. */
const CUT_OFF = 8;
/** An encoding that the file as a whole breaks, though no piece looked at does. */
const NOT_THROUGHOUT = 8;
/** The likelihoods take neighbouring characters for independent, which they are not: less is believed. */
const BELIEF = 0.5;

interface Judged {
  readonly encoding: Encoding;
  /** Log-likelihood of all pieces. */
  readonly score: number;
  /** Characters that are no ASCII, their mean log-probability, and how many of them are malformed. */
  readonly characters: number;
  readonly mean: number;
  readonly malformed: number;
}

/** Decides by the pieces that are no ASCII, and by what is valid throughout. */
export function encodingOfPieces(foreign: ForeignPieces, validity: Validity): FoundEncoding {
  const pieces = foreign.end();
  if (pieces.length === 0) return ASCII;
  const asUtf8 = judge(pieces, 'utf-8', validity.has('utf-8'));
  const isUtf8 = validity.has('utf-8') && asUtf8.characters > 0;
  if (isUtf8 && asUtf8.characters >= BEYOND_CHANCE) return VALID_UTF8;
  const judged = BYTE_ENCODINGS.map((e) => judge(pieces, e, validity.has(e)))
    .map((j) => (j.encoding === 'utf-8' && isUtf8 ? { ...j, score: j.score + UTF8_FORM } : j))
    .sort((a, b) => b.score - a.score);
  const [best, second] = judged as [Judged, Judged];
  const share = Math.max(0.01, surenessOf(best, second));
  return { encoding: best.encoding, sureness: { share, why: reasonFor(best, second, pieces.length) } };
}

const ASCII: FoundEncoding = {
  encoding: 'utf-8',
  sureness: { share: 1, why: 'all characters are ASCII, which is written alike in every encoding but UTF-16' },
};

/** A few characters of other encodings may look like UTF-8 by chance; so many different ones hardly do. */
const BEYOND_CHANCE = 4;
/** What being valid UTF-8 says where it may be chance, in nats. */
const UTF8_FORM = 4;
const VALID_UTF8: FoundEncoding = { encoding: 'utf-8', sureness: { share: 0.99, why: 'the whole file is valid UTF-8' } };

function judge(pieces: readonly string[], encoding: Encoding, throughout: boolean): Judged {
  const bytes = Uint8Array.from(pieces.join('\n'), (c) => c.charCodeAt(0));
  const text = decodeText(bytes, encoding);
  const tally = new Tally(encoding);
  for (const piece of text.split('\n')) tally.piece(piece);
  const { ascii, own, characters, malformed } = tally;
  const broken = !throughout && malformed === 0 ? NOT_THROUGHOUT : 0;
  return {
    encoding,
    score: ascii + own - malformed * MALFORMED - broken,
    characters,
    malformed,
    mean: own / Math.max(1, characters),
  };
}

class Tally {
  readonly #script;
  ascii = 0;
  own = 0;
  characters = 0;
  malformed = 0;

  constructor(encoding: Encoding) {
    this.#script = scriptOf(encoding);
  }

  piece(decoded: string): void {
    const isCut = decoded.endsWith(`\ufffd${CUT}`);
    if (isCut) this.ascii -= CUT_OFF;
    const whole = isCut ? decoded.replace(/\ufffd+.$/u, '') : decoded.replace(CUT, '');
    let previous = ' ';
    for (const c of whole) {
      this.#character(c, previous);
      previous = c;
    }
  }

  #character(c: string, previous: string): void {
    const { enter, stay } = this.#script;
    const chance = previous >= '\x80' ? stay : enter;
    if (c < '\x80') this.ascii += Math.log(1 - chance) + asciiProbability(c);
    else {
      this.characters++;
      if (c === '\ufffd') this.malformed++;
      else this.own += Math.log(chance) + this.#script.logProbability(c, previous);
    }
  }
}

/** Small letters and digits are most of what stands next to letters of other writings. */
const asciiProbability = (c: string): number => Math.log(/[a-z0-9]/.test(c) ? 0.025 : 0.008);

/** What is left of the sureness where the text is like none that the encoding is used for. */
const UNLIKELY = 0.35;
/** A nat a character nearer to usual text is a difference like night and day. */
const STEEPNESS = 4;

/** How much better than the next, and how much like text at all. */
function surenessOf(best: Judged, second: Judged): number {
  const ahead = logistic(BELIEF * (best.score - second.score));
  const sound = 1 - Math.min(1, best.malformed / Math.max(1, best.characters));
  const likeText = logistic(STEEPNESS * (best.mean + leeway(best) - scriptOf(best.encoding).usual));
  return Math.min(0.99, ahead * sound * (UNLIKELY + (1 - UNLIKELY) * likeText));
}

/** How far the mean of a few characters strays by chance. */
const leeway = ({ characters }: Judged): number => 2 / Math.sqrt(Math.max(1, characters));

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const isUsual = (judged: Judged): boolean => judged.mean + leeway(judged) >= scriptOf(judged.encoding).usual;

/** In nats, over all pieces: so little is a matter of a character or two. */
const CLOSE = 6;

function reasonFor(best: Judged, second: Judged, pieces: number): string {
  const found = `${pieces.toLocaleString('en')} ${pieces === 1 ? 'piece of text is' : 'different pieces of text are'} not plain ASCII`;
  const name = ENCODING_NAMES[best.encoding];
  if (!isUsual(best)) return `${found}, and look unusual in every encoding that can be read here: it may be another one`;
  if (best.malformed > 0) return `${found}; most are ${name}, but some are damaged or in another encoding`;
  const isClose = best.score - second.score < CLOSE;
  return `${found}; they read best as ${name}${isClose ? `, nearly as well as ${ENCODING_NAMES[second.encoding]}` : ''}`;
}
