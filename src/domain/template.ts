import { type AppError, inputError } from './errors.ts';
import type { ColumnMapping } from './event.ts';

/** A template that was read. */
export interface TextTemplate {
  /** Names of text columns, one a place, in the order of the places; one may come twice. */
  readonly columns: readonly string[];
  readonly whole: Group;
}

/** What stands in brackets or quotation marks, or the whole; `literals` stand before, between and behind `items`, so there is one more of them. */
interface Group {
  readonly open: string;
  readonly close: string;
  /** A place by its index, or what is in brackets. */
  readonly items: readonly (number | Group)[];
  readonly literals: readonly string[];
}

/** What is wrong with a template, and where. */
export interface TemplateProblem {
  /** In the user's words, with the position. */
  readonly message: string;
  readonly hint: string;
  /** Index of a character; null where it is the whole. */
  readonly offset: number | null;
}

type ReadTemplate = { readonly template: TextTemplate; readonly problem: null } | { readonly problem: TemplateProblem };
type Mapped = Pick<ColumnMapping, 'text' | 'template'>;

/** Reads a template over these columns. Where several names fit, the longest is meant: names may hold marks, doubled as {@link placeOf} writes them. */
export function readTemplate(source: string, columns: readonly string[]): ReadTemplate {
  const places = columns.map((name) => ({ name, written: placeOf(name) })).sort((a, b) => b.written.length - a.written.length);
  const found: string[] = [];
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const place = places.find(({ written }) => source.startsWith(written, at));
    const mark = source[at] as string;
    const isMark = mark === '{' || mark === '}';
    if (place) {
      tokens.push(found.length);
      found.push(place.name);
    } else if (!isMark || source[at + 1] === mark) tokens.push(mark);
    else return { problem: strayMark(source, at, columns) };
    at += place ? place.written.length : isMark ? 2 : 1;
  }
  if (found.length === 0) return { problem: noPlace(columns) };
  return { template: { columns: found, whole: groupOf(trimmed(tokens), '', '') }, problem: null };
}

/** What is wrong with the template of a mapping; null where nothing is, or where there is none. */
export const templateProblem = ({ text, template }: Mapped): TemplateProblem | null =>
  template === null ? null : readTemplate(template, text).problem;

/** The template of a mapping; without one its text columns, joined by one space. @throws AppError input where it can't be read */
export function templateOf({ text, template }: Mapped): TextTemplate {
  const read = readTemplate(template ?? proposeTemplate(text), text);
  if (read.problem) throw templateError(read.problem);
  return read.template;
}

const templateError = ({ message, hint }: TemplateProblem): AppError => inputError('template', message, hint);

/** The template that says what no template does: the columns in their order, with spaces between. */
export const proposeTemplate = (columns: readonly string[]): string => columns.map(placeOf).join(' ');

/** How a template names a column. */
export const placeOf = (column: string): string => `{${escaped(column)}}`;

const escaped = (text: string): string => text.replaceAll('{', '{{').replaceAll('}', '}}');

/** A template after other text columns were chosen: a column that is gone goes like an empty cell, new ones come last. Null where none is needed. */
export function retarget(template: string | null, before: readonly string[], now: readonly string[]): string | null {
  const read = template === null ? null : readTemplate(template, before);
  // What can't be read is for its user to mend.
  if (read === null || read.problem) return template;
  const { columns } = read.template;
  const kept = piecesOf(read.template, (place) => now.includes(columns[place] as string));
  const written = kept.map((piece) => (typeof piece === 'string' ? escaped(piece) : placeOf(columns[piece] as string))).join('');
  const added = now.filter((name) => !before.includes(name)).map(placeOf);
  const all = [written, ...added].filter((part) => part !== '').join(' ');
  return all === '' || all === proposeTemplate(now) ? null : all;
}

/**
 * The texts and places of a row, in order; empty where no cell is there. An empty cell takes with it what stands before it, the first ones
 * what stands up to the next cell; brackets and quotation marks stay with what is in them, and go where nothing is.
 * @param present whether the cell of a place is there
 */
export function piecesOf({ whole }: TextTemplate, present: (place: number) => boolean): (string | number)[] {
  return piecesOfGroup(whole, present);
}

function piecesOfGroup({ open, close, items, literals }: Group, present: (place: number) => boolean): (string | number)[] {
  const pieces: (string | number)[] = [];
  let last = -1;
  for (const [i, item] of items.entries()) {
    const inner = typeof item === 'number' ? (present(item) ? [item] : []) : piecesOfGroup(item, present);
    if (inner.length === 0) continue;
    if (last >= 0 || i === 0) pieces.push(literals[i] as string);
    pieces.push(...inner);
    last = i;
  }
  if (last < 0) return [];
  if (last === items.length - 1) pieces.push(literals[items.length] as string);
  return [open, ...pieces, close].filter((piece) => piece !== '');
}

/** The text of a row; null where all of its cells are empty. @param cells of the template's places, trimmed; null = empty */
export function fillTemplate(template: TextTemplate, cells: readonly (string | null)[]): string | null {
  const pieces = piecesOf(template, (place) => cells[place] !== null);
  return pieces.length === 0 ? null : pieces.map((piece) => (typeof piece === 'string' ? piece : cells[piece])).join('');
}

/** A character that is no mark, or a place. */
type Token = string | number;

const isBlank = (token: Token | undefined): boolean => typeof token === 'string' && token.trim() === '';

function trimmed(tokens: readonly Token[]): Token[] {
  const from = tokens.findIndex((token) => !isBlank(token));
  const to = tokens.findLastIndex((token) => !isBlank(token));
  return tokens.slice(from, to + 1);
}

const CLOSING: Readonly<Record<string, string>> = {
  ...{ '(': ')', '[': ']', '{': '}', '<': '>', '"': '"', '“': '”', '«': '»' },
  ...{ '（': '）', '【': '】', '《': '》', '「': '」', '『': '』' },
};

function groupOf(tokens: readonly Token[], open: string, close: string): Group {
  const items: (number | Group)[] = [];
  const literals = [''];
  const add = (item: number | Group): void => {
    items.push(item);
    literals.push('');
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const end = typeof token === 'string' ? endOfGroup(tokens, at) : -1;
    if (typeof token === 'number') add(token);
    else if (end < 0) literals.push((literals.pop() as string) + token);
    else {
      add(groupOf(tokens.slice(at + 1, end), token, tokens[end] as string));
      at = end;
    }
  }
  return { open, close, items, literals };
}

/** Where the bracket at `from` is closed; -1 where it is not, where there is no bracket, and where no place lies between. */
function endOfGroup(tokens: readonly Token[], from: number): number {
  const open = tokens[from] as string;
  const close = CLOSING[open];
  if (close === undefined) return -1;
  let depth = 0;
  for (let at = from + 1; at < tokens.length; at++) {
    if (tokens[at] === close && depth-- === 0) return tokens.slice(from, at).some((token) => typeof token === 'number') ? at : -1;
    if (tokens[at] === open) depth++;
  }
  return -1;
}

function strayMark(source: string, at: number, columns: readonly string[]): TemplateProblem {
  const where = `At character ${[...source.slice(0, at)].length + 1} of the template`;
  if (source[at] === '}') return { message: `${where} "}" ends nothing.`, hint: 'Write }} for the mark itself.', offset: at };
  const end = source.indexOf('}', at);
  if (end < 0) return { message: `${where} "{" is not closed.`, hint: 'Write {column}, or {{ for the mark itself.', offset: at };
  return {
    message: `${where} "${source.slice(at + 1, end)}" is none of the text columns.`,
    hint: `Text columns are ${columns.join(', ')}. Choose it as one of them, or write {{ for the mark itself.`,
    offset: at,
  };
}

const noPlace = (columns: readonly string[]): TemplateProblem => ({
  message: 'The template names no column: all texts would be the same.',
  hint: `Write at least one, as in ${placeOf(columns[0] ?? 'column')}.`,
  offset: null,
});
