import type { TableFormat } from '../../domain/index.ts';
import { describeBinary } from '../binary.ts';
import { wideEncoding } from '../form/index.ts';
import { sniffJson } from './json-sniff.ts';

/** What the first bytes of a file say, and why it is no table where they do. */
export type Sniffed = { readonly format: TableFormat } | { readonly found: string; readonly hint: string };

/**
 * The format of a file by its content; the name counts only where JSON could be read in two ways.
 * @param head the first bytes, unpacked; @param whole the head is the whole file
 */
export function sniffFormat(head: Uint8Array<ArrayBuffer>, name: string, whole: boolean): Sniffed {
  const start = ascii(head.subarray(0, 8));
  if (start.startsWith('PAR1')) return { format: 'parquet' };
  if (start.startsWith('PARE')) return { found: 'an encrypted Parquet file', hint: 'Export the table without encryption.' };
  if (start.startsWith('ARROW1') || looksArrowStream(head)) return { format: 'arrow' };
  const unicode16 = hasMark16(head) || wideEncoding([head]) !== null;
  const binary = describeBinary(head, unicode16);
  if (binary) return binary;
  return { format: sniffJson(head, name, whole) ?? 'text' };
}

/** Arrow's streaming format: a continuation marker, the length of the schema's message (a multiple of 8), and the message. */
function looksArrowStream(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = view.getUint32(4, true);
  return view.getUint32(0, true) === 0xffffffff && length > 0 && length % 8 === 0 && view.getUint32(8, true) < length;
}

const hasMark16 = ([a, b]: Uint8Array): boolean => (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
