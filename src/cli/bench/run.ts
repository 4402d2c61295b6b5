import type { Matrix } from '../../domain/index.ts';
import { adjustedRandIndex } from '../../engine/index.ts';
import type { Case, Check, Peer } from './cases.ts';
import { type Clock, mean, median, ratioOf } from './statistics.ts';
import type { DeviceTimes, Runner, Timed, Times } from './types.ts';

/** One line of the report. Times are seconds, one a run. */
export interface CaseResult {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly k: number;
  readonly ours: Times;
  /** Mean over the runs. */
  readonly score: number;
  readonly scored: string;
  /** What is not as the case asks of ours alone: too slow, or too bad. */
  readonly missed: readonly string[];
  readonly peers: readonly PeerResult[];
  readonly gpu: GpuResult | null;
}

export interface PeerResult {
  readonly by: string;
  /** Null where it was quoted and not run. */
  readonly times: Times | null;
  readonly quoted: number | null;
  readonly score: number | null;
  /** How ours agrees with it, in words; refused answers have no ratio. */
  readonly agreement: string;
  readonly refused: boolean;
  readonly ratio: number | null;
  readonly target: number | null;
  readonly met: boolean | null;
}

export interface GpuResult {
  /** Of the last run. */
  readonly kernels: DeviceTimes['kernels'];
  readonly submits: number;
  readonly counted: string | null;
  /** Operations and bytes a second of the counted kernels, by the device's clock, or by the wall where it has none. */
  readonly flops: number | null;
  readonly bytes: number | null;
}

/** A peer of the case, ready, or why it could not be had. */
export interface Contender {
  readonly peer: Peer;
  readonly runner: Runner | null;
  readonly missing?: string;
}

const ROUNDS = 3;

/** Ours and each peer in turn, A B A B, on the same rows. Closes nothing. */
export async function runCase(
  each: Case,
  x: Matrix,
  ours: Runner,
  contenders: readonly Contender[],
  options: { readonly rounds: number | null; readonly clock: Clock },
): Promise<CaseResult> {
  const rounds = options.rounds ?? each.rounds ?? ROUNDS;
  const runsOfOurs: Timed[] = [];
  const runsOf = new Map<Contender, Timed[]>(contenders.map((contender) => [contender, []]));
  const failed = new Map<Contender, string>();
  for (let round = 0; round < rounds; round++) {
    runsOfOurs.push(await ours.run(round + 1));
    for (const [contender, runs] of runsOf) {
      const { runner } = contender;
      const wanted = runner && !failed.has(contender) ? (options.rounds === null && runner.once ? 1 : rounds) : 0;
      if (!runner || round >= wanted) continue;
      await runner.run(round + 1).then(
        (run) => runs.push(run),
        (error: unknown) => failed.set(contender, error instanceof Error ? error.message : String(error)),
      );
    }
  }
  const scores = await scoresOf(each, x, runsOfOurs);
  const peers: PeerResult[] = [];
  for (const [contender, runs] of runsOf) {
    const missing = failed.get(contender);
    const told = missing === undefined ? contender : { peer: contender.peer, runner: null, missing };
    peers.push(await peerResult(each, x, runsOfOurs, scores, told, runs, options.clock));
  }
  const times = timesOf(runsOfOurs);
  return {
    ...{ name: each.name, rows: x.rows, cols: x.cols, k: each.k, ours: times, score: mean(scores), scored: each.scored },
    ...{ missed: missedBy(each, times, mean(scores), options.clock), peers, gpu: gpuResult(each, runsOfOurs) },
  };
}

export function timesOf(runs: readonly Timed[]): Times {
  const cpu = runs.map((run) => run.cpu);
  return { wall: runs.map((run) => run.wall), cpu: cpu.every((time) => time !== null) ? cpu : null };
}

async function scoresOf(each: Case, x: Matrix, runs: readonly Timed[]): Promise<number[]> {
  const scores: number[] = [];
  for (const { output } of runs) scores.push(await each.score(x, output));
  return scores;
}

function missedBy({ seconds, least }: Case, times: Times, score: number, clock: Clock): string[] {
  const missed: string[] = [];
  if (!Number.isFinite(score)) missed.push('the answer is no number');
  if (seconds !== undefined && median((clock === 'cpu' ? times.cpu : null) ?? times.wall) > seconds)
    missed.push(`more than ${seconds} s`);
  if (least !== undefined && !(score >= least)) missed.push(`less than ${least}`);
  return missed;
}

async function peerResult(
  each: Case,
  x: Matrix,
  ours: readonly Timed[],
  scores: readonly number[],
  { peer, runner, missing }: Contender,
  runs: readonly Timed[],
  clock: Clock,
): Promise<PeerResult> {
  const { by, target, quoted } = peer;
  if (!runner) {
    const agreement = quoted === undefined ? `not run: ${missing}` : 'quoted, from another machine; not run here';
    return {
      ...{ by, times: null, quoted: quoted ?? null, score: null, agreement },
      ...{ refused: false, ratio: null, target, met: null },
    };
  }
  const check = peer.check ?? each.check;
  const compared = check.kind !== 'none';
  const score = compared ? mean(await scoresOf(each, x, runs)) : null;
  const times = timesOf(runs);
  const refusal = score === null ? null : (disagreement(check, mean(scores), score) ?? otherLabels(check, ours, runs));
  const ratio = refusal === null ? ratioOf(timesOf(ours), times, clock) : null;
  const agreement = refusal ?? (check.kind === 'none' ? `not compared: ${check.why}` : agreed(check));
  const met = target === null ? null : ratio !== null && ratio >= target;
  return { by, times, quoted: null, score, agreement, refused: refusal !== null, ratio, target, met };
}

/** Why our score is not good enough beside the peer's; null if it is. A time is worth nothing without the right answer. */
export function disagreement(check: Check, ours: number, peers: number): string | null {
  if (check.kind === 'none') return null;
  if (!Number.isFinite(ours) || !Number.isFinite(peers)) return `refused: ${ours} against ${peers}`;
  const fine = {
    close: () => Math.abs(ours - peers) <= (check as { tolerance: number }).tolerance * Math.max(Math.abs(peers), 1e-2),
    low: () => ours <= peers * (1 + (check as { slack: number }).slack),
    high: () => ours >= peers - (check as { slack: number }).slack,
  }[check.kind]();
  return fine ? null : `refused: ours is not ${agreed(check)}`;
}

/** The same count of rows in clusters is not yet the same clusters. The first runs are compared: labels do not depend on seeds. */
function otherLabels(check: Check, ours: readonly Timed[], theirs: readonly Timed[]): string | null {
  if (check.kind !== 'close' || check.ari === undefined) return null;
  const [a, b] = [ours[0]?.output.labels, theirs[0]?.output.labels];
  const ari = a && b ? adjustedRandIndex(a, b) : Number.NaN;
  return ari >= check.ari ? null : `refused: the labels agree by ${ari.toFixed(3)} and not by ${check.ari} (adjusted Rand index)`;
}

function agreed(check: Check): string {
  if (check.kind === 'close') {
    const labels = check.ari === undefined ? '' : `, labels by ${check.ari} (adjusted Rand index)`;
    return `within ${percent(check.tolerance)} of the peer's${labels}`;
  }
  if (check.kind === 'low') return `at most ${percent(check.slack)} above the peer's`;
  return check.kind === 'high' ? `at most ${check.slack} below the peer's` : '';
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

function gpuResult({ cost }: Case, runs: readonly Timed[]): GpuResult | null {
  const last = runs.at(-1)?.device;
  if (!last) return null;
  if (!cost || last.submits === 0) return { ...last, counted: null, flops: null, bytes: null };
  const rate = (amount: number): number =>
    median(runs.map((run) => (amount * (run.output.passes ?? 1)) / countedSeconds(cost.kernels, run)));
  return { ...last, counted: cost.counted, flops: rate(cost.flops), bytes: rate(cost.bytes) };
}

/** Of the kernels that the case names; of the one that took longest where none has such a name. */
function countedSeconds(names: RegExp, { device, wall }: Timed): number {
  const kernels = device?.kernels ?? [];
  const counted = kernels.filter(({ kernel }) => names.test(kernel));
  const sum = (counted.length > 0 ? counted : kernels.slice(0, 1)).reduce((total, { seconds }) => total + seconds, 0);
  return sum || wall;
}
