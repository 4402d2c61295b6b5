import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';

/** A token as DuckDB's own scanner cuts it. */
export interface Token {
  readonly text: string;
  /** Index of its first character in the text. */
  readonly at: number;
  /** Of an identifier or a keyword: its name, without quotation marks; null for all else. */
  readonly name: string | null;
  readonly quoted: boolean;
}

/** Empty where the text can't be cut: a quotation mark or comment that is never closed. */
export function tokensOf(db: DuckDBBindings, sql: string): Token[] {
  const { offsets, types } = db.tokenize(sql);
  const bytes = new TextEncoder().encode(sql);
  const decoder = new TextDecoder();
  return offsets.map((offset, i) => {
    const text = decoder.decode(bytes.subarray(offset, offsets[i + 1] ?? bytes.length));
    const at = charIndex(sql, offset);
    const word = types[i] === IDENTIFIER || types[i] === KEYWORD ? WORD.exec(text)?.[0] : undefined;
    if (word === undefined) return { text, at, name: null, quoted: false };
    const quoted = word.startsWith('"');
    return { text, at, name: quoted ? word.slice(1, -1).replaceAll('""', '"') : word, quoted };
  });
}

/** Of the package's TokenType, which exists in its types only. */
const IDENTIFIER = 0;
const KEYWORD = 4;
/** A token may be followed by white space and comments; of what it is itself this is the name. */
const WORD = /^(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)/u;

/** DuckDB counts in bytes of UTF-8; users and editors count characters. */
export function charIndex(text: string, byteOffset: number): number {
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, byteOffset))).length;
}

export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** Names are the same in DuckDB if they differ in the case of ASCII letters only. */
export const fold = (name: string): string => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
