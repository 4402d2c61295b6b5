import { inputError } from '../../domain/index.ts';
import { nameColumns } from '../cells.ts';

/** Beyond it keys are data (a dictionary by user), and no columns. */
export const MAX_JSON_COLUMNS = 2000;
/** Deeper nesting is taken for a broken record. */
const MAX_DEPTH = 64;

/** A key and the keys below it, in the order of their first occurrence. */
interface KeyNode {
  readonly path: string;
  readonly children: Map<string, KeyNode>;
  /** Some record has a value here that is neither null nor an object. */
  hasValue: boolean;
  /** Index of its column, -1 where it has none. */
  column: number;
}

const newNode = (path: string): KeyNode => ({ path, children: new Map(), hasValue: false, column: -1 });

/**
 * JSON objects as rows. A nested object gives columns with dotted names; an array of scalars gives one cell, its elements joined by `|` (as genres and tags
 * are written in CSV); an array with objects or arrays in it, or with a `|` in a text, stays JSON. Null and absent are the empty cell. Numbers stay as they are
 * written: parsed, `9007199254740993` would lose its last digit and `1.50` its zero. RFC 8259, and NaN and Infinity as Python writes them.
 */
export class JsonRows {
  readonly #name: string;
  readonly #root = newNode('');
  readonly #nodes: KeyNode[] = [];
  #header: readonly string[] = [];
  #text = '';
  #at = 0;
  #cells: (string | null)[] | null = null;
  /** What a record added, to be taken back where it turns out broken. */
  #undo: (() => void)[] = [];
  /** So that a file of keys without end is refused before it fills the memory. */
  #checkAt = MAX_JSON_COLUMNS;

  /** @param name the table's, for errors */
  constructor(name: string) {
    this.#name = name;
  }

  /** Columns after {@link close}. */
  get header(): readonly string[] {
    return this.#header;
  }

  /** Takes note of the keys of a record. False where it is no JSON object. @throws AppError input: too many columns */
  learn(text: string): boolean {
    this.#cells = null;
    this.#undo = [];
    if (!this.#record(text)) {
      for (const undo of this.#undo.reverse()) undo();
      return false;
    }
    if (this.#nodes.length > this.#checkAt) {
      this.#columns();
      this.#checkAt = 2 * this.#nodes.length;
    }
    return true;
  }

  /** No more keys. Columns stand in the order in which their keys first occur; a key that only ever holds objects has none of its own. */
  close(): void {
    const columns = this.#columns();
    columns.forEach((node, i) => {
      node.column = i;
    });
    this.#header = nameColumns(columns.map(({ path }) => path));
  }

  #columns(): KeyNode[] {
    const columns = this.#nodes.filter((node) => node.hasValue || node.children.size === 0);
    if (columns.length > MAX_JSON_COLUMNS) throw tooManyColumns(this.#name, columns.length);
    return columns;
  }

  /** The cells of a record, in the order of the header, or null where it is no JSON object. Valid until the next call. */
  cells(text: string): readonly (string | null)[] | null {
    const cells = new Array<string | null>(this.#header.length).fill(null);
    this.#cells = cells;
    return this.#record(text) ? cells : null;
  }

  #record(text: string): boolean {
    this.#text = text;
    this.#at = 0;
    try {
      this.#space();
      if (text[this.#at] !== '{') return false;
      this.#object(this.#root, 0);
      this.#space();
      return this.#at === text.length;
    } catch (error) {
      if (error instanceof Malformed || error instanceof SyntaxError) return false;
      throw error;
    }
  }

  #object(node: KeyNode, depth: number): void {
    if (depth > MAX_DEPTH) throw new Malformed();
    this.#at++;
    this.#space();
    if (this.#take('}')) return;
    do {
      this.#space();
      const key = this.#string();
      this.#space();
      this.#expect(':');
      this.#space();
      this.#value(this.#child(node, key), depth + 1);
      this.#space();
    } while (this.#take(','));
    this.#expect('}');
  }

  #child(node: KeyNode, key: string): KeyNode {
    const known = node.children.get(key);
    if (known) return known;
    const child = newNode(node === this.#root ? key : `${node.path}.${key}`);
    if (this.#cells) return child;
    node.children.set(key, child);
    this.#nodes.push(child);
    this.#undo.push(() => {
      node.children.delete(key);
      this.#nodes.pop();
    });
    return child;
  }

  #value(node: KeyNode, depth: number): void {
    const first = this.#text[this.#at];
    if (first === '{') {
      this.#object(node, depth);
      return;
    }
    const value = first === '[' ? this.#array(depth) : this.#scalar();
    if (this.#cells) {
      // A later value for the same key wins, as everywhere in JSON.
      if (node.column >= 0) this.#cells[node.column] = value;
    } else if (value !== null && !node.hasValue) {
      node.hasValue = true;
      this.#undo.push(() => {
        node.hasValue = false;
      });
    }
  }

  /** As one cell. */
  #array(depth: number): string {
    const start = this.#at;
    const parts: string[] = [];
    const plain = this.#elements(parts, depth);
    return plain ? parts.join('|') : this.#text.slice(start, this.#at);
  }

  /** Reads an array to its end. False where its elements can't stand joined in one cell. */
  #elements(parts: string[], depth: number): boolean {
    if (depth > MAX_DEPTH) throw new Malformed();
    let plain = true;
    this.#at++;
    this.#space();
    if (this.#take(']')) return true;
    do {
      this.#space();
      const first = this.#text[this.#at];
      if (first === '{' || first === '[') plain = this.#skipNested(first, depth);
      else {
        const part = this.#scalar() ?? '';
        plain &&= !part.includes('|');
        parts.push(part);
      }
      this.#space();
    } while (this.#take(','));
    this.#expect(']');
    return plain;
  }

  #skipNested(first: '{' | '[', depth: number): false {
    if (first === '[') this.#elements([], depth + 1);
    else this.#skipObject(depth + 1);
    return false;
  }

  /** An object inside an array has no columns. */
  #skipObject(depth: number): void {
    const cells = this.#cells;
    this.#cells ??= [];
    this.#object(newNode(''), depth);
    this.#cells = cells;
  }

  #scalar(): string | null {
    if (this.#text[this.#at] === '"') return this.#string();
    LITERAL.lastIndex = this.#at;
    const word = LITERAL.exec(this.#text)?.[0];
    if (word === undefined) throw new Malformed();
    this.#at += word.length;
    return word === 'null' ? null : word;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw new Malformed();
    PLAIN_STRING.lastIndex = this.#at;
    const plain = PLAIN_STRING.exec(this.#text)?.[1];
    if (plain !== undefined) {
      this.#at += plain.length + 2;
      return plain;
    }
    const end = this.#closingQuote();
    const value = JSON.parse(this.#text.slice(this.#at, end + 1)) as string;
    this.#at = end + 1;
    return value;
  }

  #closingQuote(): number {
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const c = this.#text.charCodeAt(i);
      if (c === BACKSLASH) i++;
      else if (c === QUOTE) return i;
    }
    throw new Malformed();
  }

  #space(): void {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      this.#at++;
    }
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw new Malformed();
  }
}

class Malformed extends Error {}

const QUOTE = 34;
const BACKSLASH = 92;
/** A string that holds no escape. */
const PLAIN_STRING = /"([^"\\\p{Cc}]*)"/uy;
const LITERAL = /true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const tooManyColumns = (name: string, count: number) =>
  inputError(
    'json-too-many-columns',
    `${name}: the records have ${count.toLocaleString('en')} different keys or more, and a table has at most ${MAX_JSON_COLUMNS.toLocaleString('en')} columns.`,
    'Keys such as user names or dates are data: export them as values (one record a user or date).',
  );
