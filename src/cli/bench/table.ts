import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputError } from '../../domain/index.ts';
import type { Report } from './report.ts';
import type { CaseResult, PeerResult } from './run.ts';
import { median } from './statistics.ts';

export const RESULTS = 'src/cli/bench/results';
export const README = 'README.md';
const START = '<!-- benchmark: made by `npm run bench -- table` -->';
const END = '<!-- /benchmark -->';

/** Writes the tables of the results files (all of `RESULTS` unless named) into the README. */
export function writeTable(files: readonly string[]): void {
  const text = readFileSync(README, 'utf8');
  writeFileSync(README, withTable(text, tables(files.length > 0 ? files : resultFiles())));
}

/** In the order of their names. */
export const resultFiles = (): string[] =>
  existsSync(RESULTS)
    ? readdirSync(RESULTS)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(RESULTS, name))
    : [];

/** @throws AppError input where a file was made with fewer rows: those are no figures. */
export function tables(files: readonly string[]): string {
  return files.map((file) => table(JSON.parse(readFileSync(file, 'utf8')) as Report)).join('\n\n');
}

/** `text` with what stands between the two markers replaced. @throws AppError input where they are not there. */
export function withTable(text: string, made: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) {
    throw inputError('no-markers', `${README} has no place for the table.`, `It needs the lines ${START} and ${END}.`);
  }
  return `${text.slice(0, start + START.length)}\n\n${made}\n\n${text.slice(end)}`;
}

/** One report as Markdown: what it was measured on, then a row a case. */
export function table(report: Report): string {
  if (report.shrunkBy > 1) {
    throw inputError('no-figures', 'A results file was made with fewer rows (--quick).', 'Run the benchmark without it.');
  }
  const { machine, place, device, versions, threads, date, load, data } = report;
  const about = `${machine}; ${place}, ${device}; ${versions.join(', ')}; ${threads}; ${date}${load.length > 0 ? `, load ${load.join(' to ')}` : ''}.`;
  const head = '| work | n | ours | peers (ratio to ours) |\n| --- | --- | --- | --- |';
  return `${about}\nMedian seconds by the clock; ${data}.\n\n${head}\n${report.results.map(row).join('\n')}`;
}

function row({ name, rows, ours, scored, score, peers, gpu }: CaseResult): string {
  const quality = shown.has(scored) ? `, ${scored} ${score < 1000 ? decimals(score) : score.toLocaleString('en')}` : '';
  const speed = gpu && gpu.flops !== null ? `, ${(gpu.flops / 1e9).toFixed(0)} GFLOP/s` : '';
  return `| ${name} | ${rows.toLocaleString('en')} | ${seconds(ours.wall)}${quality}${speed} | ${peers.map((peer) => cell(peer, shown.has(scored))).join(' · ')} |`;
}

/** Scores that tell how good an answer is, and not only that it is the right one, or how much was done. */
const shown = new Set(['recall', 'trustworthiness', 'tokens/s']);

function cell({ by, times, quoted, score, ratio, refused }: PeerResult, withScore: boolean): string {
  if (!times) return quoted === null ? `${by} not run` : `${by} ${quoted} (quoted)`;
  const told = ratio === null ? (refused ? 'answer refused' : 'not compared') : `${ratio.toFixed(ratio < 10 ? 2 : 0)} x`;
  return `${by} ${seconds(times.wall)}${withScore && score !== null ? `, ${decimals(score)}` : ''} (${told})`;
}

const seconds = (wall: readonly number[]): string => {
  const value = median(wall);
  return value < 10 ? decimals(value) : value.toFixed(1);
};

/** ".123": as in the rest of the documents. */
const decimals = (value: number): string => value.toFixed(3).replace(/^0\./, '.');
