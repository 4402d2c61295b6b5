import type { ByteSource, FilePreview, JobContext, ReadResult } from '../domain/index.ts';
import { silentContext } from '../domain/index.ts';
import { createEventReader, inspectFile, openDuckDbInNode } from './index.ts';

/** For tests: a file made of text (UTF-8) or bytes. */
export function fileOf(name: string, content: string | Uint8Array<ArrayBuffer>): ByteSource {
  const blob = new Blob([content]);
  return {
    name,
    size: blob.size,
    stream: () => blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
    slice: (start, end) => blob.slice(start, end),
  };
}

/** For tests: a file whose bytes come in pieces of `size`. */
export function fileInPieces(name: string, bytes: Uint8Array<ArrayBuffer>, size: number): ByteSource {
  const blob = new Blob([bytes]);
  return {
    name,
    size: bytes.length,
    stream: () => blob.stream().pipeThrough(cutter(size)),
    slice: (start, end) => blob.slice(start, end),
  };
}

function cutter(size: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += size) controller.enqueue(chunk.slice(at, at + size));
    },
  });
}

export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Of a file with one table. */
export async function lookAt(file: ByteSource, ctx: JobContext = silentContext): Promise<FilePreview> {
  const [preview, ...more] = await inspectFile(file, {}, ctx);
  if (!preview || more.length > 0) throw new Error(`${file.name} holds ${more.length + (preview ? 1 : 0)} tables.`);
  return preview;
}

export const look = (name: string, content: string | Uint8Array<ArrayBuffer>): Promise<FilePreview> =>
  lookAt(fileOf(name, content));

/** One database for all the tests of a file: it takes a second to open. */
export const reader = createEventReader({ openDuckDb: openDuckDbInNode });

/** Events as words again, one line each, to be compared as a whole. */
export function eventLines({ events }: ReadResult): string[] {
  const word = (words: readonly string[], id: number | undefined): string => words[id ?? -1] ?? '-';
  return Array.from({ length: events.count }, (_, i) =>
    [
      word(events.users, events.user[i]),
      new Date(events.time[i] ?? Number.NaN).toISOString(),
      word(events.texts, events.text[i]),
      word(events.types, events.type[i]),
      events.value[i],
      word(events.items, events.item[i]),
      word(events.labels, events.label[i]),
    ].join(' | '),
  );
}
