import type { Sureness } from '../../domain/index.ts';
import { type CellType, cellType } from './cell-types.ts';
import { isIndexColumn } from './index-column.ts';

export interface JudgedHeader {
  readonly header: boolean;
  /** Natural, for "the first row names the columns". */
  readonly logOdds: number;
  readonly sureness: Sureness;
}

/** Most exports have a header. */
const PRIOR = 1;
const BODY_ROWS = 400;

/**
 * Does the first row name the columns? Column by column it is compared with the rows below: a word above numbers speaks for a header, a
 * number above numbers or a value that comes again speaks against it. Each weight is a log-odds that was set by hand.
 */
export function judgeHeader(first: readonly string[], body: readonly (readonly string[])[]): JudgedHeader {
  const rows = body.slice(0, BODY_ROWS);
  const years = isRunOfYears(first);
  const votes = first.map((cell, c) => {
    const values = rows.flatMap((row) => row[c]?.trim() || []);
    if (c === 0 && isIndexColumn(cell, values)) return 1;
    return voteOf(cell.trim(), values, years);
  });
  const logOdds = votes.reduce((a, b) => a + b, PRIOR);
  const header = logOdds > 0;
  const share = Math.min(0.99, 1 / (1 + Math.exp(-Math.abs(logOdds))));
  return { header, logOdds, sureness: { share, why: reason(header, votes) } };
}

function reason(header: boolean, votes: readonly number[]): string {
  const pro = votes.filter((v) => v > 0).length;
  const contra = votes.filter((v) => v < 0).length;
  const columns = votes.length === 1 ? 'the column' : `${header ? pro : contra} of ${votes.length} columns`;
  if (header && pro > 0) return `the first row is unlike the rows below, or a usual name, in ${columns}`;
  if (header) return 'nothing tells the first row from the others; most files name their columns there';
  return `the first row is like the rows below in ${columns}`;
}

function voteOf(cell: string, values: readonly string[], years: boolean): number {
  const type = cellType(cell);
  if (type === 'empty') return -0.3;
  const isYear = years && YEAR.test(cell);
  if (type === 'number' || type === 'time') return isYear ? 0.5 : measureVote(type, values);
  if (MISSING.test(cell)) return -0.5;
  const common = commonType(values);
  if (common === 'number' || common === 'time') return 3;
  return (isUsualName(cell) ? 1.5 : 0) + wordVote(cell, values);
}

/** Names of columns are seldom numbers or dates. */
const measureVote = (type: CellType, values: readonly string[]): number =>
  values.length === 0 || commonType(values) === type ? -2 : -0.7;

/** A word above words. */
function wordVote(cell: string, values: readonly string[]): number {
  if (values.length === 0) return 0;
  if (values.includes(cell)) return -2.5;
  const distinct = new Set(values).size;
  const repeats = values.length >= 4 && distinct <= values.length / 2 ? 1 : 0;
  return repeats + shapeVote(cell, values) - (cell.length > 60 ? 1.5 : 0);
}

/** Where all values are made alike (`u17`, `a3f9-...`), is the first one? */
function shapeVote(cell: string, values: readonly string[]): number {
  const shape = shapeOf(values[0] ?? '');
  if (!shape.includes('9') || values.filter((v) => shapeOf(v) === shape).length < 0.9 * values.length) return 0;
  return shapeOf(cell) === shape ? -1.5 : 1.5;
}

const shapeOf = (text: string): string => text.replace(/\d+/g, '9').replace(/\p{L}+/gu, 'a');

function commonType(values: readonly string[]): CellType | null {
  const counts = new Map<CellType, number>();
  const known = values.filter((v) => !MISSING.test(v));
  for (const value of known) counts.set(cellType(value), (counts.get(cellType(value)) ?? 0) + 1);
  for (const [type, count] of counts) if (count >= 0.8 * known.length) return type;
  return null;
}

const MISSING = /^(na|n\/a|#n\/a|<na>|null|nan|none|-|\\n)$/i;
const YEAR = /^(19|20)\d\d$/;

/** Columns that are named by years one after the other. */
function isRunOfYears(cells: readonly string[]): boolean {
  const years = cells.filter((c) => YEAR.test(c.trim())).map(Number);
  return years.length >= 3 && years.every((y, i) => i === 0 || Math.abs(y - (years[i - 1] ?? 0)) === 1);
}

const NAMES =
  /(^|[\W_])(id|ids|uid|uuid|guid|key|user|users|username|customer|client|member|visitor|person|author|name|time|times|date|datetime|timestamp|ts|day|month|year|hour|created|updated|title|text|comment|body|message|description|desc|query|search|content|tag|tags|genre|genres|type|event|events|action|category|class|label|status|item|product|movie|article|page|url|link|code|stockcode|sku|no|number|invoice|order|session|country|city|region|language|value|price|amount|quantity|count|score|rating|votes?|lat|lon|kunde|kunden|nutzer|datum|zeit|titel|preis|menge|artikel|beschreibung|fecha|usuario|titulo|título|precio|cantidad|utilisateur|titre|prix|quantité|produit|produto|utente|titolo|prezzo)($|[\W_])/i;
const CJK_NAMES =
  /用户|用戶|客户|客戶|会员|會員|编号|編號|时间|時間|日期|标题|標題|内容|內容|名称|名稱|类型|類型|类别|類別|价格|價格|数量|數量|金额|金額|评分|評分|评论|評論|ユーザ|顧客|会員|日時|日付|タイトル|題名|名前|商品|価格|種別|番号/;

/** `userId` and `UserID` are names of two words. */
const isUsualName = (cell: string): boolean => {
  const words = cell.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return words.length <= 40 && (NAMES.test(words) || CJK_NAMES.test(words));
};
