import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createRandom } from '../../../domain/index.ts';
import { generateLog } from '../../../testing/index.ts';

/** Rows of text, one a row of a log, and where they are from in words. */
export interface Texts {
  readonly rows: readonly string[];
  readonly from: string;
}

const SEED = 7;

/** Titles of the first `rows` rows of the sample's generator: as often repeated as loans are. */
export function sampleTitles(rows: number): Texts {
  const titles = generateLog({ seed: SEED, users: 2000 }).rows.map(({ title }) => title);
  if (titles.length < rows) throw new Error(`The sample's generator gave ${titles.length} rows of ${rows}.`);
  return { rows: titles.slice(0, rows), from: "the sample's generator" };
}

/** One to eight titles to a text, few of many: most are short and some are long, as product texts are. */
const LONGEST = 8;

/** `count` different texts of mixed length, made of the titles of the sample's generator. */
export function mixedTexts(count: number): Texts {
  const titles = [...new Set(generateLog({ seed: SEED, users: 2000 }).rows.map(({ title }) => title))];
  const random = createRandom(SEED);
  const texts = new Set<string>();
  while (texts.size < count) {
    const parts = 1 + Math.floor(LONGEST * random.next() ** 2);
    texts.add(Array.from({ length: parts }, () => titles[random.int(titles.length)]).join(', '));
  }
  return { rows: [...texts], from: "one to eight titles of the sample's generator each, more short than long" };
}

const RETAIL = 'online-retail/OnlineRetail.csv.gz';
const RETAIL_ROWS = 541_909;
/** Different descriptions in that file, for a log that stands in for it. */
const RETAIL_DISTINCT = 4223;

/** The descriptions of Online Retail, row by row, where `folder` holds the file; else a generated log that repeats as many texts as often. */
export async function retailTexts(folder: string | undefined): Promise<Texts> {
  const path = folder === undefined ? '' : join(folder, RETAIL);
  if (!existsSync(path))
    return { rows: repeated(RETAIL_ROWS, RETAIL_DISTINCT), from: 'a generated log in place of Online Retail' };
  const { default: papa } = await import('papaparse');
  const file = createReadStream(path).pipe(createGunzip());
  const text = await new Response(Readable.toWeb(file) as ReadableStream).arrayBuffer();
  const { data } = papa.parse<{ Description: string }>(new TextDecoder('latin1').decode(text), {
    header: true,
    skipEmptyLines: true,
  });
  return { rows: data.map(({ Description }) => Description), from: 'the descriptions of UCI Online Retail' };
}

/** The r-th text is drawn in proportion to 1 / (r + 2)^0.8. */
function repeated(rows: number, distinct: number): string[] {
  const texts = mixedTexts(distinct).rows;
  const cumulative = new Float64Array(distinct);
  for (let rank = 0; rank < distinct; rank++) cumulative[rank] = (cumulative[rank - 1] ?? 0) + (rank + 2) ** -0.8;
  const random = createRandom(SEED);
  return Array.from(
    { length: rows },
    () => texts[rankAt(cumulative, random.next() * (cumulative[distinct - 1] as number))] as string,
  );
}

function rankAt(cumulative: Float64Array, dice: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) <= dice) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `count` rows evenly spread over all. */
export const spreadRows = (rows: readonly string[], count: number): string[] =>
  Array.from(
    { length: Math.min(count, rows.length) },
    (_, i) => rows[Math.floor((i * rows.length) / Math.min(count, rows.length))] as string,
  );
