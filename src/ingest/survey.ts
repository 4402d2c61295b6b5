import type { ByteSource, ColumnMapping, ColumnQuality, FileAccounting, Intake, JobContext, Survey } from '../domain/index.ts';
import { portion, untold } from '../domain/index.ts';
import { accountingOf, closeAccounts, MissingCells } from './accounts.ts';
import { checkChoices } from './check.ts';
import { clean } from './clean/clean.ts';
import { countCleaning } from './clean/count.ts';
import type { OpenDuckDb } from './duckdb.lazy.ts';
import { type LoadedTable, loadDraft } from './load.ts';
import { type LookAtTexts, lookAtTexts } from './look-at-texts.ts';
import { eventsOverTime } from './over-time.ts';
import { columnNumbers } from './quality/numbers.ts';
import { QualityMeter } from './quality/quality.ts';

/** Shares of the work: the rows are read, judged, and read once more for what is shown of them. */
const READ = 0.5;
const JUDGED = 0.6;

/**
 * What reading the files would give, and what each cleaning rule would touch; nothing is put in order and no event is made. Every table
 * is gone through twice, the second time for its columns and for the cells of rows that cleaning sets aside.
 * @param look tells the languages of the texts; whoever knows languages hands it in
 * @throws AppError input as reading does, but for files of which no row is an event: their accounting says why
 */
export async function surveyFiles(
  files: readonly ByteSource[],
  mapping: ColumnMapping,
  intake: Intake,
  ctx: JobContext,
  openDuckDb: OpenDuckDb,
  look: LookAtTexts,
): Promise<Survey> {
  checkChoices(mapping);
  const first = untilDone(portion(ctx, 0, READ));
  const loaded = await loadDraft(files, mapping, intake, first.ctx, openDuckDb);
  const { draft, tables, join } = loaded;
  first.done();
  const cleaned = await clean(draft, intake, mapping, untold(ctx));
  const cleaning = await countCleaning(draft, intake, mapping, untold(ctx));
  const texts = await lookAtTexts(draft, cleaned, mapping, look, untold(ctx));
  const accounts = closeAccounts(draft, cleaned, tables);
  const again = portion(ctx, JUDGED, 1);
  const all = accounts.reduce((sum, a) => sum + a.read, 0);
  const looks: { readonly account: FileAccounting; readonly columns: ColumnQuality[] }[] = [];
  let before = 0;
  for (const [t, table] of tables.entries()) {
    const account = accounts[t] as FileAccounting;
    const start = before;
    looks.push(await lookAgain(table, account, mapping, intake, ctx, (rows) => again.progress(start + rows, all)));
    before += account.read;
  }
  return {
    accounting: accountingOf(
      looks.map(({ account }) => account),
      loaded,
    ),
    cleaning,
    quality: looks.map(({ account, columns }) => ({ table: account.name, columns })),
    overTime: eventsOverTime(draft, cleaned, intake.zone),
    join,
    ...texts,
  };
}

/** A table that is gone through once more tells its bytes once more: that would move the bar back. */
function untilDone(ctx: JobContext): { readonly ctx: JobContext; done(): void } {
  let progress = ctx.progress;
  return {
    ctx: { progress: (done, total, note) => progress(done, total, note), checkpoint: ctx.checkpoint },
    done: () => {
      progress = () => {};
    },
  };
}

async function lookAgain(
  { reader }: LoadedTable,
  account: FileAccounting,
  mapping: ColumnMapping,
  intake: Intake,
  ctx: JobContext,
  onRows: (rows: number) => void,
): Promise<{ account: FileAccounting; columns: ColumnQuality[] }> {
  const meter = new QualityMeter(reader.header, { missing: intake.missing, numbersOf: columnNumbers(mapping, intake) });
  const cells = new MissingCells(account);
  let rows = 0;
  for await (const batch of reader.batches()) {
    meter.add(batch);
    cells.look(batch);
    rows += batch.count;
    onRows(rows);
    await ctx.checkpoint();
  }
  return { account: cells.account(), columns: meter.finish() };
}
