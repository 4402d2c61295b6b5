import type { Encoding } from '../../domain/index.ts';
import { BLOCK } from './tokeniser.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The bytes of a text as UTF-8 without a byte order mark, in pieces of at most some blocks: what is UTF-8 already passes through
 * unchanged. Closes the stream on leaving early.
 */
export async function* utf8Pieces(stream: ReadableStream<Bytes>, encoding: Encoding): AsyncGenerator<Bytes, void, undefined> {
  const pieces = inPieces(stream);
  yield* encoding === 'utf-8' ? withoutMark(pieces) : transcoded(pieces, encoding);
}

async function* inPieces(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (let at = 0; at < value.length; at += BLOCK) yield value.subarray(at, at + BLOCK);
    }
  } finally {
    await reader.cancel().catch(() => {});
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
