import type { ByteSource, FormChoice, FormSureness, IgnoredMember, Intake, JobContext, TableForm } from '../domain/index.ts';
import type { TableSource } from './batch.ts';
import { readChunks } from './chunks.ts';
import { expand } from './containers.ts';
import { detectForm } from './form/index.ts';
import { detectFormat } from './formats/index.ts';
import { recallFile, rememberFile, type Seen, type SeenForm } from './seen.ts';
import { startSha256 } from './sha256.ts';

/** A table in a dropped file, and how it is to be read. */
export interface FoundTable {
  readonly table: TableSource;
  readonly form: TableForm;
  readonly sureness: FormSureness;
  /** Of the unpacked table, or of the file where that is not known. */
  readonly bytes: number;
  /** Of the dropped file's bytes, hex. */
  readonly sha256: string;
  /** What else lies in the dropped file. */
  readonly ignored: readonly IgnoredMember[];
}

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The tables of a file, the form of each found where it is not set. All bytes are gone through once, and not again for the same file.
 * @param onBytes is told how many bytes of the file were gone through since the last call; their sum is the file's size
 * @throws AppError input where the file is no table
 */
export async function findTables(
  file: ByteSource,
  forms: Intake['forms'],
  ctx: JobContext,
  onBytes: (bytes: number) => void,
): Promise<FoundTable[]> {
  const { tables, ignored } = await expand(file, ctx);
  const seen = await recallFile(file);
  if (seen) onBytes(file.size);
  const hash = seen ? null : await startSha256();
  const hashed = (chunk: Bytes): void => {
    hash?.update(chunk);
    onBytes(chunk.length);
  };
  // The bytes of a plain text are those of its file, so that one pass does for both.
  const plain = tables.length === 1 && tables[0]?.format === 'text' && tables[0].packed === null;
  if (hash && !plain) {
    for await (const chunk of readChunks(file.name, file.stream())) {
      hashed(chunk);
      await ctx.checkpoint();
    }
  }
  const known: Seen['forms'] = new Map(seen?.forms);
  const found: FoundTable[] = [];
  for (const table of tables) {
    const choice = forms[table.name] ?? {};
    const key = JSON.stringify([table.name, choice]);
    const form = known.get(key) ?? (await formOf(table, choice, ctx, hash && plain ? hashed : () => {}));
    known.set(key, form);
    found.push({ table, ...form, sha256: '', ignored });
  }
  const sha256 = seen?.sha256 ?? hash?.digest() ?? '';
  await rememberFile(file, { sha256, forms: known });
  return found.map((t) => ({ ...t, sha256 }));
}

async function formOf(
  table: TableSource,
  choice: FormChoice,
  ctx: JobContext,
  onChunk: (chunk: Bytes) => void,
): Promise<SeenForm> {
  if (table.format !== 'text') return { ...(await detectFormat(table, choice, ctx)), bytes: table.file.size };
  let bytes = 0;
  const found = await detectForm(table, choice, ctx, (chunk) => {
    bytes += chunk.length;
    onChunk(chunk);
  });
  return { ...found, bytes };
}
