import type { Peak } from './gpu/peak.ts';
import type { CaseResult, GpuResult, PeerResult } from './run.ts';
import { spread } from './statistics.ts';
import type { Times } from './types.ts';

/** What a results file holds. */
export interface Report {
  /** In words. */
  readonly machine: string;
  readonly date: string;
  readonly place: string;
  readonly device: string;
  /** A software adapter says nothing of speed. */
  readonly software: boolean;
  readonly versions: readonly string[];
  readonly threads: string;
  readonly clock: 'wall' | 'cpu';
  readonly data: string;
  /** Rows were divided by this. */
  readonly shrunkBy: number;
  /** Load of the machine before and after; empty where nobody noted it. */
  readonly load: readonly number[];
  readonly peaks: readonly Peak[];
  readonly results: readonly CaseResult[];
}

export function heading(report: Omit<Report, 'results' | 'load'>): string {
  const { machine, place, device, versions, data, threads, shrunkBy, clock, software, peaks } = report;
  const lines = [machine, `${place}, ${device}; ${versions.join(', ')}`, data, threads];
  lines.push(
    `seconds: median (least to most); ratio = peer's median / ours, by ${clock === 'wall' ? 'the clock' : 'processor time'}`,
  );
  if (shrunkBy > 1) lines.push(`ROWS DIVIDED BY ${shrunkBy}: these are no figures, and targets do not hold`);
  if (software) lines.push('A SOFTWARE ADAPTER: it shows that the kernels run and says nothing of speed');
  for (const peak of peaks) lines.push(`peak ${rates(peak.flops, peak.bytes)}: ${peak.source}`);
  return `${lines.join('\n')}\n`;
}

export function lines(result: CaseResult, peaks: readonly Peak[]): string {
  const { name, rows, cols, ours, score, scored, missed, peers, gpu } = result;
  const out = [`${name}, ${rows.toLocaleString('en')} x ${cols}`];
  out.push(
    `  ${'ours'.padEnd(18)} ${seconds(ours)}   ${scored} ${short(score)}${missed.map((why) => `   NOT MET: ${why}`).join('')}`,
  );
  for (const peer of peers) out.push(`  ${peer.by.padEnd(18)} ${peerLine(peer)}`);
  if (gpu) out.push(...gpuLines(gpu, peaks));
  return out.join('\n');
}

function peerLine({ times, quoted, score, agreement, ratio, target, met }: PeerResult): string {
  const time = times ? seconds(times) : quoted === null ? '' : `${quoted} quoted`;
  const value = score === null ? '' : `   ${short(score)}`;
  const wanted =
    target === null ? '' : ` of ${Number(target.toFixed(2))} ${met === null ? '(not judged)' : met ? 'met' : 'NOT MET'}`;
  return `${time}${value}   ${ratio === null ? `ratio -${wanted}` : `ratio ${ratio.toFixed(2)}${wanted}`}   (${agreement})`;
}

const seconds = ({ wall, cpu }: Times): string => `wall ${spread(wall)}${cpu ? `  cpu ${spread(cpu)}` : ''}`;

function gpuLines({ kernels, submits, counted, flops, bytes }: GpuResult, peaks: readonly Peak[]): string[] {
  if (submits === 0) return ['    nothing ran on the device: this work has no kernel there'];
  const out = kernels
    .slice(0, 6)
    .map(({ kernel, seconds: time, dispatches }) => `    ${kernel}: ${(1e3 * time).toFixed(2)} ms in ${dispatches} dispatches`);
  if (flops !== null && bytes !== null) {
    const shares = peaks.map(
      (peak) => `${share(flops, peak.flops)} of fp32 and ${share(bytes, peak.bytes)} of bandwidth (${peak.source})`,
    );
    out.push(`    ${rates(flops, bytes)}, counting ${counted}${shares.length > 0 ? `: ${shares.join('; ')}` : ''}`);
  }
  return out;
}

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const rates = (flops: number, bytes: number): string => `${short(flops / 1e9, 3)} GFLOP/s, ${short(bytes / 1e9, 3)} GB/s`;
const short = (value: number, digits = 5): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));

/** Cases whose answer was refused, or whose targets were not met. */
export function failures(results: readonly CaseResult[]): { readonly refused: number; readonly unmet: number } {
  const peers = results.flatMap((result) => result.peers);
  return {
    refused: peers.filter((peer) => peer.refused).length,
    unmet: peers.filter((peer) => peer.met === false).length + results.filter((result) => result.missed.length > 0).length,
  };
}
