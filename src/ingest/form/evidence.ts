import { ENCODINGS, type Encoding } from '../../domain/index.ts';
import type { Bytes } from './blocks.ts';

/** Encodings that are told apart by the bytes that are no ASCII. The two of 16 bits are told by their NULs. */
export const BYTE_ENCODINGS = ENCODINGS.filter((e) => !e.startsWith('utf-16'));

/** In which encodings is the whole stream valid? Broken off in the middle of a character it still is. */
export class Validity {
  readonly #decoders = new Map<Encoding, TextDecoder>(
    BYTE_ENCODINGS.map((e) => [e, new TextDecoder(e, { fatal: true, ignoreBOM: true })]),
  );

  add(chunk: Bytes, ascii: boolean): void {
    // No character is longer than four bytes: behind those, ASCII changes nothing.
    const part = ascii ? chunk.subarray(0, 4) : chunk;
    for (const [encoding, decoder] of this.#decoders) {
      try {
        decoder.decode(part, { stream: true });
      } catch {
        this.#decoders.delete(encoding);
      }
    }
  }

  has(encoding: Encoding): boolean {
    return this.#decoders.has(encoding);
  }
}

const WORD_BYTES = 96;
/** ASCII in front of a word's first other byte. */
const LEAD_IN = 8;
/** Half as many to as many words of a long stream. */
const WORDS = 4096;

/** Ends a word that is cut off: what is wrong with its last character says nothing. */
export const CUT = '\x01';

/**
 * The distinct words of a stream that are not all ASCII, spread over the whole of it by a stride that doubles when there are too many.
 * How the stream is cut into chunks does not matter.
 */
export class ForeignWords {
  /** What came before the chunk. */
  #past: readonly number[] = [];
  #word: number[] | null = null;
  #stride = 1;
  #seen = 0;
  #words = new Set<string>();

  add(chunk: Bytes, ascii: boolean): void {
    if (!ascii || this.#word) this.#read(chunk);
    this.#past = [...this.#past, ...chunk.subarray(-LEAD_IN)].slice(-LEAD_IN);
  }

  /** Each word is a string of bytes (code units below 256); one that is not whole ends with {@link CUT}. */
  end(): readonly string[] {
    if (this.#word) this.#close(this.#word, true);
    return [...this.#words];
  }

  #read(chunk: Bytes): void {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (!this.#word) {
        if (byte >= 0x80) this.#word = [...this.#leadIn(chunk, i), byte];
      } else if (isBetween(byte)) this.#close(this.#word, false);
      else if (this.#word.length === WORD_BYTES) this.#close(this.#word, true);
      else this.#word.push(byte);
    }
  }

  /** The ASCII letters, digits and the like right before byte `at`. */
  #leadIn(chunk: Bytes, at: number): number[] {
    const before = [...this.#past, ...chunk.subarray(Math.max(0, at - LEAD_IN), at)].slice(-LEAD_IN);
    return before.slice(before.findLastIndex((b) => isBetween(b) || b >= 0x80) + 1);
  }

  #close(word: readonly number[], cut: boolean): void {
    this.#word = null;
    if (this.#seen++ % this.#stride !== 0) return;
    this.#words.add(String.fromCharCode(...word) + (cut ? CUT : ''));
    if (this.#words.size <= WORDS) return;
    this.#words = new Set([...this.#words].filter((_, i) => i % 2 === 0));
    this.#stride *= 2;
  }
}

/** In none of the encodings looked for has a character of several bytes such a byte: it stands for itself, and what follows is a new character. */
const isBetween = (byte: number): boolean => byte < 0x30 || (byte > 0x39 && byte < 0x40);

/** One look at how many 16-bit units of a text in each byte order are ASCII. */
export interface WideCount {
  readonly le: number;
  readonly be: number;
  readonly units: number;
}

export function countWide(bytes: Bytes): WideCount {
  let le = 0;
  let be = 0;
  const units = bytes.length >>> 1;
  for (let i = 0; i < 2 * units; i += 2) {
    if (bytes[i + 1] === 0 && isText(bytes[i]!)) le++;
    if (bytes[i] === 0 && isText(bytes[i + 1]!)) be++;
  }
  return { le, be, units };
}

const isText = (byte: number): boolean => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;
