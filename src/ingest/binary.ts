/** Files that are no table of text, told by their first bytes. Signatures: the formats' own specifications. */
const SIGNATURES: readonly { readonly bytes: string; readonly name: string }[] = [
  { bytes: '\x89PNG\r\n\x1a\n', name: 'a PNG image' },
  { bytes: '\xff\xd8\xff', name: 'a JPEG image' },
  { bytes: 'GIF8', name: 'a GIF image' },
  { bytes: '%PDF', name: 'a PDF document' },
  { bytes: 'PAR1', name: 'a Parquet file' },
  { bytes: 'ARROW1', name: 'an Arrow file' },
  { bytes: 'SQLite format 3\0', name: 'an SQLite database' },
  { bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', name: 'an old Excel or Word file' },
  { bytes: 'BZh', name: 'a bzip2 archive' },
  { bytes: '\xfd7zXZ\0', name: 'an xz archive' },
  { bytes: '7z\xbc\xaf\x27\x1c', name: 'a 7-Zip archive' },
  { bytes: '\x28\xb5\x2f\xfd', name: 'a Zstandard archive' },
];

const EXPORT_HINT = 'Export the table as CSV, JSON Lines, Parquet or .xlsx and choose that file.';
const UNPACK_HINT = 'Unpack it first and choose the files inside.';

interface NotText {
  readonly found: string;
  readonly hint: string;
}

/**
 * What a file is that can't be a table of text, or null where it may be one.
 * @param head the first bytes, unpacked; @param unicode16 it is text in UTF-16, which has NULs
 */
export function describeBinary(head: Uint8Array, unicode16: boolean): NotText | null {
  const text = latin1(head.subarray(0, 4096));
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return describeZip(text);
  const known = SIGNATURES.find((s) => text.startsWith(s.bytes));
  if (known) return { found: known.name, hint: known.name.includes('archive') ? UNPACK_HINT : EXPORT_HINT };
  if (unicode16) return null;
  if (hasControls(head)) return { found: 'a binary file (it holds bytes that no text has)', hint: EXPORT_HINT };
  return null;
}

function describeZip(text: string): NotText {
  const excel = text.includes('[Content_Types].xml') || text.includes('xl/');
  return excel ? { found: 'an Excel workbook (.xlsx)', hint: EXPORT_HINT } : { found: 'a ZIP archive', hint: UNPACK_HINT };
}

/** English-like text in UTF-16 has a NUL in nearly every second byte, always on the same side. */
export function looksUnmarked16(head: Uint8Array): boolean {
  const nuls = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) nuls[i % 2] = (nuls[i % 2] ?? 0) + 1;
  const [even, odd] = nuls as [number, number];
  return head.length >= 8 && Math.max(even, odd) > head.length * 0.35 && Math.min(even, odd) < head.length * 0.02;
}

/** A NUL, or more than one control character in 20 bytes. Single stray controls do occur in real exports, and one may be the delimiter. */
function hasControls(head: Uint8Array): boolean {
  const counts = new Uint32Array(32);
  for (const b of head) if (b < 32) counts[b]!++;
  if (counts[0]! > 0) return true;
  for (const usual of [9, 10, 12, 13, 27]) counts[usual] = 0;
  const delimiter = Math.max(...counts);
  return counts.reduce((a, b) => a + b, 0) - delimiter > head.length / 20;
}

function latin1(bytes: Uint8Array): string {
  let out = '';
  for (const b of bytes) out += String.fromCharCode(b);
  return out;
}
