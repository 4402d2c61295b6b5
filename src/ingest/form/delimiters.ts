import type { Sample } from './samples.ts';

export interface DelimiterCandidate {
  readonly delimiter: string;
  /** How usual it is, against 1. */
  readonly prior: number;
}

const USUAL: readonly DelimiterCandidate[] = [
  { delimiter: ',', prior: 1 },
  { delimiter: '\t', prior: 1 },
  { delimiter: ';', prior: 1 },
  { delimiter: '|', prior: 0.95 },
];
const PAIRS = ['::', '||', '~~', '^^'];
/** They delimit only where nearly all rows agree and some column is of numbers or times. */
export const strictOnes: readonly string[] = [' ', ':'];
const UNUSUAL = 0.75;
/** Times alone, cut at their colons into three columns of numbers, must lose to one column of times. */
const STRICT = 0.55;

/** Letters and digits never delimit; nor do marks that names, numbers, dates, addresses and sentences are made of. */
const NEVER = /[\p{L}\p{N}\p{M}"'\-./\\_+()[\]{}<>@%$€£¥?!，。、：；“”‘’·…—\r\n]/u;

/** Rows may run over many lines, of which few have the delimiter. */
const FEW_LINES = 0.02;
const MOST_LINES = 0.6;
const LINES_LOOKED_AT = 400;

/** Characters, and some pairs, that could delimit the cells of a text. */
export function delimiterCandidates(samples: readonly Sample[], newline: string): DelimiterCandidate[] {
  const lines = samples.flatMap(({ text, first }) => text.split(newline, first ? LINES_LOOKED_AT : LINES_LOOKED_AT / 10));
  const full = lines.filter((line) => line.trim() !== '');
  const seen = new Map<string, number>();
  for (const line of full) for (const c of new Set(line)) seen.set(c, (seen.get(c) ?? 0) + 1);
  const share = (c: string): number => (seen.get(c) ?? 0) / full.length;
  const usual = USUAL.filter(({ delimiter }) => share(delimiter) > FEW_LINES);
  const others = [...seen.keys()].filter(
    (c) => share(c) >= MOST_LINES && !NEVER.test(c) && !USUAL.some((u) => u.delimiter === c),
  );
  const pairs = PAIRS.filter((p) => full.filter((line) => line.includes(p)).length >= MOST_LINES * full.length);
  return [
    ...usual,
    ...pairs.map((delimiter) => ({ delimiter, prior: 0.95 })),
    ...others.map((delimiter) => ({ delimiter, prior: strictOnes.includes(delimiter) ? STRICT : UNUSUAL })),
  ];
}
