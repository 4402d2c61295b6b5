import { ENCODINGS, type Encoding } from '../../domain/index.ts';
import type { Bytes } from './blocks.ts';

/** Encodings that are told apart by the bytes that are no ASCII. The two of 16 bits are told by their NULs. */
export const BYTE_ENCODINGS = ENCODINGS.filter((e) => !e.startsWith('utf-16'));

/** In Windows-1252 all bytes are characters. */
const ALWAYS_VALID: Encoding = 'windows-1252';

/** In which encodings is the whole stream valid? Broken off in the middle of a character it still is. */
export class Validity {
  readonly #decoders = new Map<Encoding, TextDecoder>(
    BYTE_ENCODINGS.filter((e) => e !== ALWAYS_VALID).map((e) => [e, new TextDecoder(e, { fatal: true, ignoreBOM: true })]),
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
    return encoding === ALWAYS_VALID || this.#decoders.has(encoding);
  }
}

const PIECE_BYTES = 96;
/** Half as many to as many pieces of a long stream. */
const PIECES = 4096;

/** Ends a piece that is cut off: what is wrong with its last character says nothing. */
export const CUT = '\x01';

/**
 * The distinct pieces of a stream that are not all ASCII, with one byte of ASCII before and two behind, spread over the whole of it by a
 * stride that doubles when there are too many. How the stream is cut into chunks does not matter.
 */
export class ForeignPieces {
  /** What came before the chunk. */
  #past = 0;
  #piece: number[] | null = null;
  /** Bytes of ASCII at the end of the piece. */
  #ascii = 0;
  #stride = 1;
  #seen = 0;
  #pieces = new Set<string>();

  add(chunk: Bytes, ascii: boolean): void {
    if (!ascii || this.#piece) this.#read(chunk);
    this.#past = chunk.at(-1) ?? this.#past;
  }

  /** Each piece is a string of bytes (code units below 256); one that is not whole ends with {@link CUT}. */
  end(): readonly string[] {
    if (this.#piece) this.#close(this.#piece, true);
    return [...this.#pieces];
  }

  #read(chunk: Bytes): void {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.#piece) this.#goOn(this.#piece, byte);
      else if (byte >= 0x80) this.#open(i > 0 ? chunk[i - 1]! : this.#past, byte);
    }
  }

  #open(before: number, byte: number): void {
    this.#piece = before >= 0x80 || isBetween(before) ? [byte] : [before, byte];
    this.#ascii = 0;
  }

  /** Behind two bytes of ASCII a character is over in every encoding looked for. */
  #goOn(piece: number[], byte: number): void {
    if (!isBetween(byte)) piece.push(byte);
    this.#ascii = byte < 0x80 ? this.#ascii + 1 : 0;
    if (isBetween(byte) || this.#ascii === 2) this.#close(piece, false);
    else if (piece.length === PIECE_BYTES) this.#close(piece, true);
  }

  #close(piece: readonly number[], cut: boolean): void {
    this.#piece = null;
    if (this.#seen++ % this.#stride !== 0) return;
    this.#pieces.add(String.fromCharCode(...piece) + (cut ? CUT : ''));
    if (this.#pieces.size <= PIECES) return;
    this.#pieces = new Set([...this.#pieces].filter((_, i) => i % 2 === 0));
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
