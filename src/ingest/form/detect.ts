import type { FormChoice, FormSureness, JobContext, TableForm } from '../../domain/index.ts';
import type { TableSource } from '../batch.ts';
import { describeBinary } from '../binary.ts';
import { readChunks } from '../chunks.ts';
import { emptyFile, notATable } from '../errors.ts';
import { type Bytes, SpreadBlocks } from './blocks.ts';
import { AS_SET, detectDialect } from './dialect.ts';
import { encodingOfPieces, type FoundEncoding, markOf, wideEncoding } from './encoding.ts';
import { ForeignPieces, Validity } from './evidence.ts';
import { samplesOf } from './samples.ts';
import { ByteScan } from './scan.ts';

export interface DetectedForm {
  readonly form: TableForm;
  readonly sureness: FormSureness;
}

/**
 * How a table is written, by one pass over all of its bytes (none for formats that tell it themselves, whose bytes are not read): the
 * encoding from the whole, the dialect from its start, middle and end. What `choice` sets is taken as it is.
 * @param onBytes sees every chunk of the table once, unpacked, in order: to hash it and to tell the progress; must not change it
 * @throws AppError input: empty, unreadable, damaged, binary, a line of more than 8 MiB
 */
export async function detectForm(
  table: TableSource,
  choice: FormChoice,
  ctx: JobContext,
  onBytes: (chunk: Bytes) => void,
): Promise<DetectedForm> {
  const own = { format: table.format, packed: table.packed, sheet: choice.sheet ?? null, sheets: [] };
  if (table.format !== 'text') return { form: { ...own, encoding: null, dialect: null }, sureness: {} };
  const look = new Look(table.name);
  for await (const chunk of readChunks(table.name, table.stream())) {
    onBytes(chunk);
    look.add(chunk);
    await ctx.checkpoint();
  }
  const found = look.end(choice);
  const samples = samplesOf(look.blocks, found.encoding, look.total);
  if (samples.every(({ text }) => text.trim() === '')) throw emptyFile(table.name);
  const { dialect, delimiter, header } = detectDialect(samples, choice.dialect ?? {});
  return {
    form: { ...own, encoding: found.encoding, dialect },
    sureness: { encoding: found.sureness, delimiter, header },
  };
}

/** What one pass over the bytes gathers. */
class Look {
  readonly #name: string;
  readonly #spread = new SpreadBlocks();
  readonly #scan: ByteScan;
  readonly #validity = new Validity();
  readonly #foreign = new ForeignPieces();
  #checked = false;

  constructor(name: string) {
    this.#name = name;
    this.#scan = new ByteScan(name);
  }

  get total(): number {
    return this.#spread.total;
  }

  get blocks() {
    return this.#spread.blocks();
  }

  add(chunk: Bytes): void {
    this.#spread.add(chunk);
    if (!this.#checked && this.#spread.headIsFull) this.#refuseBinary();
    const ascii = this.#scan.add(chunk);
    this.#validity.add(chunk, ascii);
    this.#foreign.add(chunk, ascii);
  }

  /** @throws AppError input where it is empty or no text */
  end(choice: FormChoice): FoundEncoding {
    if (this.total === 0) throw emptyFile(this.#name);
    if (!this.#checked) this.#refuseBinary();
    if (choice.encoding) return { encoding: choice.encoding, sureness: AS_SET };
    const mark = markOf(this.#spread.head);
    if (mark) return { encoding: mark, sureness: { share: 1, why: 'the file begins with its byte order mark' } };
    const wide = wideEncoding(this.blocks.map(({ at, bytes }) => bytes.subarray(at % 2)));
    if (wide) return { encoding: wide, sureness: { share: 0.95, why: 'every ASCII character has a NUL beside it' } };
    return encodingOfPieces(this.#foreign, this.#validity);
  }

  #refuseBinary(): void {
    this.#checked = true;
    const { head } = this.#spread;
    const isWide = markOf(head)?.startsWith('utf-16') || wideEncoding([head]) !== null;
    const other = describeBinary(head, isWide);
    if (other) throw notATable(this.#name, other.found, other.hint);
  }
}
