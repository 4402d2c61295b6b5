import { AppError, type ByteSource, inputError, isHiddenPath, isNoteName, type JobContext } from '../domain/index.ts';
import type { TableSource } from './batch.ts';
import { emptyFile, notATable } from './errors.ts';
import { type Sniffed, sniffFormat } from './formats/sniff.ts';
import { gunzip, looksGzipped } from './gunzip.ts';
import { blobOf, blobSource, headOf } from './unpacking.ts';
import { looksZipped, type ZipMember, zipMembers } from './zip.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Packed = TableSource['packed'];

/** A file of an archive that is not read, with why in the user's words. */
export interface IgnoredMember {
  /** With the way inside, as tables have it. */
  readonly name: string;
  readonly why: string;
}

/** What a dropped file holds. */
export interface Expanded {
  /** At least one, in the order of the archive. */
  readonly tables: readonly TableSource[];
  readonly ignored: readonly IgnoredMember[];
}

/** Enough to tell JSON Lines from one object, with long lines. */
const HEAD_BYTES = 64 * 1024;

/**
 * The tables of a file: itself, what it holds as a .gz, or those among the members of a .zip. Containers and formats are told by
 * their content. Nothing is unpacked here beyond the first bytes of each table, except what is packed twice.
 * @throws AppError input: empty, not readable, packed in a way that is not read, no table
 */
export async function expand(file: ByteSource, ctx: JobContext): Promise<Expanded> {
  const head = await headOf(file.slice(0, HEAD_BYTES).stream() as ReadableStream<Bytes>, HEAD_BYTES);
  if (head.length === 0) throw emptyFile(file.name);
  if (looksZipped(head)) return expandZip(file, ctx);
  const table = looksGzipped(head) ? await gzipTable(file, file.name, 'gzip', file) : await plainTable(file, head);
  return { tables: [refuseOther(file.name, table)], ignored: [] };
}

/** Everything that keeps a file from being a table. */
type Refused = Exclude<Sniffed, { readonly format: unknown }>;

function refuseOther(name: string, table: TableSource | Refused): TableSource {
  if ('found' in table) throw notATable(name, table.found, table.hint);
  return table;
}

async function plainTable(file: ByteSource, head: Bytes): Promise<TableSource | Refused> {
  const sniffed = sniffFormat(head, file.name, file.size <= head.length);
  if ('found' in sniffed) return /\.onnx$/i.test(file.name) ? MODEL : sniffed;
  return {
    name: file.name,
    file,
    format: sniffed.format,
    packed: null,
    stream: () => file.stream(),
    blob: async () => file.slice(0, file.size),
  };
}

/** @param file the dropped file; @param gz the packed bytes, which are the file or a member of it */
async function gzipTable(file: ByteSource, name: string, packed: Packed, gz: ByteSource): Promise<TableSource | Refused> {
  return packedTable(file, name, packed, () => gunzip(gz));
}

async function packedTable(
  file: ByteSource,
  name: string,
  packed: Packed,
  stream: () => ReadableStream<Bytes>,
): Promise<TableSource | Refused> {
  const head = await headOf(stream(), HEAD_BYTES);
  if (head.length === 0) return { found: 'an empty file', hint: 'Check that the export finished, or choose another file.' };
  const blob = (): Promise<Blob> => blobOf(name, stream());
  if (looksGzipped(head)) return PACKED_TWICE;
  const sniffed = looksZipped(head) ? await sniffZip(name, await blob()) : sniffFormat(head, name, head.length < HEAD_BYTES);
  return 'found' in sniffed ? sniffed : { name, file, format: sniffed.format, packed, stream, blob };
}

const PACKED_TWICE: Refused = { found: 'an archive inside an archive', hint: 'Unpack it once and choose what is inside.' };

async function sniffZip(name: string, archive: Blob): Promise<Sniffed> {
  return knownFormat(await zipMembers(name, archive)) ?? PACKED_TWICE;
}

const MODEL: Refused = {
  found: 'a sentence model, and no rows of behaviour',
  hint: 'Drop your data first; the model then goes under "Model".',
};

/** Office documents and models are archives, and told by their members. */
function knownFormat(members: readonly ZipMember[]): Sniffed | null {
  const has = (path: string): boolean => members.some((m) => m.path === path);
  if (has('xl/workbook.xml')) return { format: 'xlsx' };
  if (has('xl/workbook.bin')) return { found: 'a binary Excel workbook (.xlsb)', hint: 'Save it as .xlsx or CSV.' };
  if (has('word/document.xml')) return { found: 'a Word document', hint: 'Save its table as CSV.' };
  if (has('content.xml') && has('mimetype')) return { found: 'an OpenDocument file', hint: 'Save it as .xlsx or CSV.' };
  const holds = (end: RegExp): boolean => members.some((m) => end.test(m.path));
  if (holds(/(^|\/)tokenizer\.json$/) && holds(/\.onnx$/)) return MODEL;
  return null;
}

async function expandZip(file: ByteSource, ctx: JobContext): Promise<Expanded> {
  const blob = file.slice(0, file.size);
  const members = await zipMembers(file.name, blob);
  const known = knownFormat(members);
  if (known) {
    if ('found' in known) throw notATable(file.name, known.found, known.hint);
    const table = {
      name: file.name,
      file,
      format: known.format,
      packed: null,
      stream: () => file.stream(),
      blob: async () => blob,
    };
    return { tables: [table], ignored: [] };
  }
  return expandMembers(
    file,
    members.filter(({ path }) => !isHiddenPath(path)),
    ctx,
  );
}

async function expandMembers(file: ByteSource, members: readonly ZipMember[], ctx: JobContext): Promise<Expanded> {
  const tables: TableSource[] = [];
  const ignored: IgnoredMember[] = [];
  for (const member of members) {
    await ctx.checkpoint();
    const name = `${file.name}/${member.path}`;
    const why = whyNoTable(member);
    const table = why === null ? await memberTable(file, name, member) : { found: why };
    if ('found' in table) ignored.push({ name, why: table.found });
    else tables.push(table);
  }
  if (tables.length === 0) throw noTableInside(file.name, ignored);
  return { tables, ignored };
}

async function memberTable(file: ByteSource, name: string, member: ZipMember): Promise<TableSource | { found: string }> {
  try {
    const head = await headOf(member.stream(), 2);
    if (!looksGzipped(head)) return await packedTable(file, name, 'zip', () => member.stream());
    return await gzipTable(file, name, 'zip', blobSource(name, await blobOf(name, member.stream())));
  } catch (error) {
    // One damaged member must not keep the others from being read.
    if (error instanceof AppError) return { found: error.message.replace(`${name} `, '') };
    throw error;
  }
}

function whyNoTable(member: ZipMember): string | null {
  if (member.encrypted) return 'it is protected by a password';
  if (member.size === 0) return 'it is empty';
  return isNoteName(member.path) ? 'by its name it is a note or a program, and no table' : null;
}

function noTableInside(name: string, ignored: readonly IgnoredMember[]): AppError {
  if (ignored.length === 0) return inputError('zip-empty', `${name} holds no file.`, 'Choose another archive.');
  if (ignored.every(({ why }) => why === 'it is protected by a password')) {
    return inputError('zip-encrypted', `${name} is protected by a password.`, 'Unpack it and choose the files inside.');
  }
  const told = ignored.slice(0, 5).map((m) => `${m.name.slice(name.length + 1)} (${m.why})`);
  const more = ignored.length > 5 ? ` and ${ignored.length - 5} more` : '';
  return inputError('zip-no-table', `${name} holds no table: ${told.join(', ')}${more}.`, 'Choose a file with rows in it.');
}
