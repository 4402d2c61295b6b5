import { createSHA256, type IHasher } from 'hash-wasm';
import type { ByteSource, FormChoice, FormSureness, IgnoredMember, Intake, JobContext, TableForm } from '../domain/index.ts';
import type { TableSource } from './batch.ts';
import { expand } from './containers.ts';
import { unreadable } from './errors.ts';
import { detectForm } from './form/index.ts';
import { detectFormat } from './formats/index.ts';
import { chunksOf } from './unpacking.ts';

/** A table in a dropped file, and how it is to be read. */
export interface FoundTable {
  readonly table: TableSource;
  readonly form: TableForm;
  readonly sureness: FormSureness;
  /** Of the dropped file's bytes, hex. */
  readonly sha256: string;
  /** What else lies in the dropped file. */
  readonly ignored: readonly IgnoredMember[];
}

type OnBytes = (bytes: number) => void;

/**
 * The tables of a file, the form of each found where it is not set.
 * @param onBytes is told how many bytes of the file were gone through since the last call; their sum is about the file's size
 * @throws AppError input where the file is no table
 */
export async function findTables(
  file: ByteSource,
  forms: Intake['forms'],
  ctx: JobContext,
  onBytes: OnBytes,
): Promise<FoundTable[]> {
  const { tables, ignored } = await expand(file, ctx);
  const [only] = tables;
  const hasher = await createSHA256();
  hasher.init();
  // A plain text is looked through to its end anyway: its hash is made on the way.
  if (only && only.format === 'text' && only.packed === null) {
    const found = await detectForm(only, choiceOf(only, forms), ctx, hashing(hasher, onBytes));
    return [{ table: only, ...found, sha256: hasher.digest('hex'), ignored }];
  }
  await hashFile(file, ctx, hashing(hasher, onBytes));
  const sha256 = hasher.digest('hex');
  const found: FoundTable[] = [];
  for (const table of tables) found.push({ table, ...(await formOf(table, choiceOf(table, forms), ctx)), sha256, ignored });
  return found;
}

const choiceOf = (table: TableSource, forms: Intake['forms']): FormChoice => forms[table.name] ?? {};

const formOf = (table: TableSource, choice: FormChoice, ctx: JobContext) =>
  table.format === 'text' ? detectForm(table, choice, ctx, () => {}) : detectFormat(table, choice, ctx);

const hashing =
  (hasher: IHasher, onBytes: OnBytes) =>
  (chunk: Uint8Array): void => {
    hasher.update(chunk);
    onBytes(chunk.length);
  };

async function hashFile(file: ByteSource, ctx: JobContext, onChunk: (chunk: Uint8Array) => void): Promise<void> {
  try {
    for await (const chunk of chunksOf(file.stream())) {
      onChunk(chunk);
      await ctx.checkpoint();
    }
  } catch (error) {
    throw unreadable(file.name, error);
  }
}
