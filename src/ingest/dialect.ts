import { type Dialect, Tokeniser } from './tokenise.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Rows that the delimiter is judged by. */
const SAMPLE_ROWS = 1000;

/**
 * The delimiter under which most rows are as wide as the header; on a tie the wider header, then the order above.
 * A separator that only occurs inside texts (`Comedy|Romance`) gives rows of uneven width, or is not in the header at all.
 * @param complete the sample is the whole file, so its last line is a whole line
 */
export function detectDialect(sample: string, complete: boolean): Dialect {
  const newline = sample.includes('\r') && !sample.includes('\n') ? '\r' : '\n';
  let best: Dialect = { delimiter: ',', newline };
  let bestShare = 0;
  let bestWidth = 1;
  for (const delimiter of DELIMITERS) {
    const { share, width } = judge(sample, { delimiter, newline }, complete);
    if (width < 2 || share < bestShare || (share === bestShare && width <= bestWidth)) continue;
    best = { delimiter, newline };
    bestShare = share;
    bestWidth = width;
  }
  return best;
}

function judge(sample: string, dialect: Dialect, complete: boolean): { share: number; width: number } {
  const widths = sampleWidths(sample, dialect, complete);
  const width = widths[0] ?? 0;
  if (widths.length < 2) return { share: width > 1 ? 1 : 0, width };
  return { share: widths.slice(1).filter((w) => w === width).length / (widths.length - 1), width };
}

/** Cells of each row of the sample; blank lines and a last row that may be cut off are left out. */
function sampleWidths(sample: string, dialect: Dialect, complete: boolean): number[] {
  const widths: number[] = [];
  const tokeniser = new Tokeniser(dialect, '', (cells, _line, broken) => {
    const cutOff = broken && !complete;
    if (!cutOff && widths.length <= SAMPLE_ROWS && cells.some((c) => c !== '')) widths.push(cells.length);
  });
  tokeniser.push(sample);
  tokeniser.end();
  if (!complete && widths.length > 1) widths.pop();
  return widths;
}
