import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ensureBuiltInModel, MODEL_ID } from '../../../build/model/index.ts';
import { loadNow, machine } from '../machine.ts';
import { packageVersion } from '../packages.ts';
import { heading, lines, type Report } from '../report.ts';
import { type CaseResult, type PeerResult, timesOf } from '../run.ts';
import { type Clock, mean, median, ratioOf } from '../statistics.ts';
import type { Timed, Times } from '../types.ts';
import { type Contest, contests } from './contests.ts';
import { type Embedded, openOurs } from './ours.ts';
import { type Embedding, openPeer, type PeerModel } from './peers.ts';
import { spreadRows } from './texts.ts';

export interface EmbedArguments {
  readonly rounds: number;
  readonly clock: Clock;
  /** Numbers of texts are divided by it. */
  readonly shrunkBy: number;
  /** Folder with real data files, where there is one. */
  readonly data: string | undefined;
  readonly json: string | null;
  /** As {@link openOurs} has it. */
  readonly thread?: string;
}

/** Mean cosine that vectors of the same texts must reach: padding moves those of the plain way by a thousandth. */
const SAME = 0.995;
const WARM_ROWS = 400;

/** Embeds texts by ours and as others would, in turn, prints it, and returns the exit code: 1 where vectors differ or a target is not met. */
export async function benchEmbed(asked: EmbedArguments, print: (text: string) => void): Promise<number> {
  await ensureBuiltInModel(resolve('.'));
  const before = loadNow();
  const head = headOf(asked);
  print(heading(head));
  const results: CaseResult[] = [];
  for (const contest of await contests(asked.shrunkBy, asked.data)) {
    for (const result of await hold(contest, asked)) {
      results.push(result);
      print(lines(result, []));
    }
    if (asked.json) await writeFile(asked.json, `${JSON.stringify({ ...head, load: [before, loadNow()], results }, null, 2)}\n`);
  }
  return results.every(({ peers }) => peers.every(({ refused, met }) => !refused && met !== false)) ? 0 : 1;
}

const headOf = ({ clock, shrunkBy }: EmbedArguments): Omit<Report, 'results' | 'load'> => ({
  ...{ machine: machine(), date: new Date().toISOString().slice(0, 10), place: 'Node', device: 'cpu', software: false },
  ...{ clock, shrunkBy, peaks: [], data: "texts of the sample's generator, and Online Retail; USE Lite in q8 for everyone" },
  versions: [`Node ${process.versions.node}`, packageVersion('@huggingface/transformers'), packageVersion('onnxruntime-web')],
  threads: "onnxruntime-web's WASM for everyone, one thread a worker",
});

const PEER_MODEL: PeerModel = {
  models: `${resolve('public/models')}/`,
  id: MODEL_ID,
  file: 'onnx/model_quantized.onnx',
  wasmBase: new URL(`file://${resolve('node_modules/onnxruntime-web/dist')}/`).href,
};

/** Ours in each way and the peer in turn, A B A B; the peer's times are those of as many rows as ours had. */
async function hold(contest: Contest, { rounds, clock, shrunkBy, thread }: EmbedArguments): Promise<CaseResult[]> {
  const { rows } = contest.texts;
  const peerRows = spreadRows(rows, contest.peerRows);
  const warm = spreadRows(rows, Math.ceil(WARM_ROWS / shrunkBy));
  const peer = await openPeer(contest.way, PEER_MODEL, warm);
  const ours = contest.ours.map((each) => ({ ...each, runs: [] as Embedded[] }));
  const theirs: Embedding[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { workers, runs } of ours) runs.push(await openOurs(workers, thread, warm, (embed) => embed(rows)));
      if (round === 0 || !contest.peerOnce) theirs.push(await peer.embed(peerRows));
    }
  } finally {
    peer.close();
  }
  const scale = rows.length / peerRows.length;
  const peerTimes: Times = { wall: theirs.map(({ wall }) => scale * wall), cpu: theirs.map(({ cpu }) => scale * cpu) };
  const told = [
    ...(scale === 1 ? [] : [`from ${peerRows.length.toLocaleString('en')} rows`]),
    ...(theirs[0]?.told ? [theirs[0].told] : []),
  ];
  return ours.map(({ by, workers, target, runs }) => {
    const agreement = cosine(theirs[0]?.vectors ?? [], peerRows, runs[0] as Embedded, rows);
    return resultOf(`${contest.name}, ${by}`, rows.length, runs, {
      by: contest.peer,
      times: peerTimes,
      agreement,
      told,
      target,
      // Processor time of two workers is that of one.
      clock: workers > 1 ? 'wall' : clock,
    });
  });
}

/** Mean over the rows that the peer shows. */
function cosine(vectors: Embedding['vectors'], peerRows: readonly string[], ours: Embedded, rows: readonly string[]): number {
  const found = vectors.map((vector, i) => {
    const own = ours.vectorOf(rows.indexOf(peerRows[i] as string));
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((sum, v, c) => sum + v * (b[c] as number), 0);
    return dot(own, own) === 0 ? 1 : dot(own, vector) / Math.sqrt(dot(own, own) * dot(vector, vector));
  });
  return mean(found);
}

interface Beside {
  readonly by: string;
  readonly times: Times;
  readonly agreement: number;
  readonly told: readonly string[];
  readonly target: number | null;
  readonly clock: Clock;
}

function resultOf(name: string, rows: number, runs: readonly Embedded[], beside: Beside): CaseResult {
  const { by, times, agreement, told, target, clock } = beside;
  const timed: Timed[] = runs.map(({ wall, cpu }) => ({ output: {}, wall, cpu }));
  const refused = !(agreement >= SAME);
  const ratio = refused ? null : ratioOf(timesOf(timed), times, clock);
  const peer: PeerResult = {
    ...{ by, times, quoted: null, score: null, refused, ratio, target, met: target === null ? null : (ratio ?? 0) >= target },
    agreement: [`mean cosine ${agreement.toFixed(4)}`, ...told].join('; '),
  };
  const tokens = median(runs.map((run) => run.tokens / run.wall));
  return {
    ...{ name, rows, cols: 512, k: 0, ours: timesOf(timed), score: Math.round(tokens), scored: 'tokens/s', missed: [] },
    ...{ peers: [peer], gpu: null },
  };
}
