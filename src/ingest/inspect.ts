import type { ByteSource, FilePreview, JobContext } from '../domain/index.ts';
import { profileColumn } from './profile.ts';
import { scanFile } from './records.ts';
import { ownCopy, SpreadSample } from './sample.ts';

const PREVIEW_ROWS = 20;

/**
 * Looks through a file: its form, its first rows, and what each column looks like. Progress in bytes of the file.
 * @throws AppError input, naming the file, where it is no readable table with at least one row
 */
export async function inspectFile(source: ByteSource, ctx: JobContext): Promise<FilePreview> {
  const rows: string[][] = [];
  const sample = new SpreadSample();
  const scanned = await scanFile(source, ctx, {
    header: () => {},
    row: (cells) => {
      if (rows.length < PREVIEW_ROWS) rows.push(ownCopy(cells));
      // Blank lines say nothing of any column.
      if (cells.length > 1 || cells[0] !== '') sample.add(cells);
    },
    progress: (bytes) => ctx.progress(Math.min(bytes / 2, source.size), source.size),
  });
  const { print, dialect, header, rowCount } = scanned;
  return {
    name: source.name,
    file: source.name,
    size: source.size,
    sha256: print.sha256,
    form: {
      format: 'text',
      packed: print.gzip ? 'gzip' : null,
      encoding: print.encoding,
      dialect: { ...dialect, quote: '"', escape: 'doubled', comment: null, skip: 0, header: true },
      sheet: null,
      sheets: [],
    },
    sureness: {},
    header,
    rows,
    rowCount,
    columns: header.map((name, i) =>
      profileColumn(
        name,
        sample.rows.map((cells) => cells[i]),
      ),
    ),
  };
}
