import type { ByteSource, FormSureness, Intake, JobContext, TableForm } from '../domain/index.ts';
import type { TableSource } from './batch.ts';
import { fingerprint, openBytes } from './bytes.ts';
import { detectDialect } from './dialect.ts';

/** A table in a dropped file, and how it is to be read. */
export interface FoundTable {
  readonly table: TableSource;
  readonly form: TableForm;
  readonly sureness: FormSureness;
  /** Of the dropped file's bytes, hex. */
  readonly sha256: string;
}

/**
 * The tables of a file, the form of each found where it is not set.
 * @param onBytes is told how many bytes of the file were gone through since the last call; their sum is about the file's size
 * @throws AppError input where the file is no table
 */
export async function findTables(
  file: ByteSource,
  forms: Intake['forms'],
  ctx: JobContext,
  onBytes: (bytes: number) => void,
): Promise<FoundTable[]> {
  const print = await fingerprint(file, ctx, onBytes);
  const chosen = forms[file.name] ?? {};
  const found = detectDialect(print.head, print.headIsAll);
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> => streamOf(openBytes(file, print.gzip, () => {}));
  const table: TableSource = {
    name: file.name,
    file,
    format: 'text',
    packed: print.gzip ? 'gzip' : null,
    stream,
    blob: () => new Response(stream()).blob(),
  };
  const form: TableForm = {
    format: 'text',
    packed: table.packed,
    encoding: chosen.encoding ?? print.encoding,
    dialect: { ...found, quote: '"', escape: 'doubled', comment: null, skip: 0, header: true, ...chosen.dialect },
    sheet: null,
    sheets: [],
  };
  return [{ table, form, sureness: {}, sha256: print.sha256 }];
}

function streamOf(bytes: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await bytes.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await bytes.return();
    },
  });
}
