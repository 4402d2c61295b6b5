import type { Encoding } from '../../domain/index.ts';
import { BLOCK } from './tokeniser.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The bytes of a text as UTF-8 without a byte order mark, in pieces of at most some blocks: what is UTF-8 already passes through
 * unchanged.
 */
export async function* utf8Pieces(chunks: AsyncIterable<Bytes>, encoding: Encoding): AsyncGenerator<Bytes, void, undefined> {
  const pieces = inPieces(chunks);
  yield* encoding === 'utf-8' ? withoutMark(pieces) : transcoded(pieces, encoding);
}

async function* inPieces(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BLOCK) yield chunk.subarray(at, at + BLOCK);
  }
}

async function* withoutMark(pieces: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
  let head: Bytes | null = new Uint8Array(0);
  for await (const piece of pieces) {
    if (head === null) {
      yield piece;
      continue;
    }
    head = joined(head, piece);
    if (head.length < 3) continue;
    yield isMark(head) ? head.subarray(3) : head;
    head = null;
  }
  if (head !== null) yield head;
}

const isMark = (head: Bytes): boolean => head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;

function joined(a: Bytes, b: Bytes): Bytes {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

async function* transcoded(pieces: AsyncIterable<Bytes>, encoding: Encoding): AsyncGenerator<Bytes, void, undefined> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(decoder.decode(piece, { stream: true }));
  yield encoder.encode(decoder.decode());
}
