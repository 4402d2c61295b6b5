import { type AppError, abilityError } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { type DeviceRows, type GpuBudget, OwnedBuffers } from '../device/index.ts';
import { ASSIGN_PARAMS_BYTES, assignParams, assignPipeline, NO_LABEL, slabShape } from '../distances/index.ts';
import type { LloydOptions } from './lloyd.ts';
import { bindAt, type Cut, type Stage, type Step } from './steps.gpu.ts';
import shader from './update.wgsl?raw';

/** As in the shader: rows of one block sum, rows sorted at a time, and the sorting blocks of a few of them. */
const SEGMENT = 256;
const LANES = 64;
/** Rounds of a sorting block. Fewer mean more counts (blocks x k), and more are work for one workgroup. */
const LEAST_ROUNDS = 16;
const PARAMS_BYTES = 44;
/** Where fromBlock stands in the parameters. */
const RANGE_AT = 24;

const KERNELS = [
  ...(['count', 'scan', 'place', 'scatter', 'sumBlocks', 'sumClusters', 'means', 'finish', 'adopt', 'measure'] as const),
];
type Pipelines = Record<(typeof KERNELS)[number] | 'assign', GPUComputePipeline>;

/** The stages of an iteration on the device, and the buffers that live from one iteration to the next. */
export interface Iteration {
  /** Assignment, update and the rule that stops. */
  readonly step: Step;
  /** Assignment for the last centroids, whatever `state` says. */
  readonly assign: Step;
  /** Squared distances of the rows to their centroids, a block of rows each, into `chunks[].inertia`. */
  readonly measure: Step;
  readonly chunks: readonly LabelledChunk[];
  /** k x stride, less the rows' mean; and their |c|^2. */
  readonly centroids: GPUBuffer;
  readonly norms: GPUBuffer;
  readonly state: GPUBuffer;
  readonly counters: GPUBuffer;
  /** May be called twice. */
  close(): void;
}

export interface LabelledChunk {
  readonly start: number;
  readonly rows: number;
  readonly labels: GPUBuffer;
  readonly previous: GPUBuffer;
  readonly inertia: GPUBuffer;
  readonly inertiaBlocks: number;
}

/**
 * Allocates and binds all of it. Buffers beside the rows: 8 bytes a row; for the rows of one chunk (at most the binding limit / stride)
 * 8 + k / 256 + stride / 64 more; for the clusters 16 x stride + 28 bytes each.
 * @throws AppError `ability` where the clusters do not fit into a binding.
 */
export async function openIteration(
  gpu: GpuContext,
  rows: DeviceRows,
  k: number,
  options: LloydOptions,
  limits: GpuBudget,
): Promise<Iteration> {
  const most = Math.max(...rows.chunks.map(({ start, end }) => end - start));
  const sumBlocks = Math.floor(most / SEGMENT) + Math.min(k, most);
  const bytes = Math.max(sumBlocks, k) * rows.stride * 4;
  if (bytes > limits.bindingBytes) throw tooManyClusters(k, rows.stride, bytes, limits.bindingBytes);
  const pipelines = await compile(gpu, k);
  const owned = new OwnedBuffers(gpu);
  try {
    return await gpu.guarded('allocate the clusters', () => new Builder(gpu, rows, k, options, pipelines, owned, most).build());
  } catch (error) {
    owned.close();
    throw error;
  }
}

async function compile(gpu: GpuContext, k: number): Promise<Pipelines> {
  const assign = await assignPipeline(gpu, slabShape(k));
  const rest = await Promise.all(KERNELS.map(async (name) => [name, await gpu.pipeline(shader, name)] as const));
  return { ...(Object.fromEntries(rest) as Omit<Pipelines, 'assign'>), assign };
}

const tooManyClusters = (k: number, stride: number, asked: number, limit: number): AppError =>
  abilityError(
    'gpu-memory',
    `${k.toLocaleString('en')} clusters need arrays of ${asked.toLocaleString('en')} bytes on the graphics device, which binds ${limit.toLocaleString('en')}.`,
    `The work goes on on the CPU. About ${Math.floor(limit / (8 * stride)).toLocaleString('en')} clusters would fit.`,
  );

class Builder {
  readonly #sortingRows: number;
  readonly #rounds: number;
  readonly #shared;

  constructor(
    private readonly gpu: GpuContext,
    private readonly rows: DeviceRows,
    private readonly k: number,
    private readonly options: LloydOptions,
    private readonly pipelines: Pipelines,
    private readonly owned: OwnedBuffers,
    most: number,
  ) {
    this.#rounds = Math.max(LEAST_ROUNDS, Math.ceil(k / LANES));
    this.#sortingRows = this.#rounds * LANES;
    const { storage, upload } = owned;
    const cluster = k * rows.stride * 4;
    const mean = new Float32Array(rows.stride);
    mean.set(rows.mean);
    this.#shared = {
      state: storage('state', 16),
      idle: storage('no state', 16),
      counters: storage('counters', 8),
      distances: storage('distances', most * 4),
      counts: storage('label counts', Math.ceil(most / this.#sortingRows) * k * 4),
      totals: storage('rows of clusters in a chunk', k * 4),
      sizes: storage('rows of clusters', k * 4),
      segments: storage('segments', (k + 1) * 8),
      order: storage('rows by label', most * 4),
      blockSums: storage('block sums', (Math.floor(most / SEGMENT) + Math.min(k, most)) * rows.stride * 4),
      sums: storage('cluster sums', cluster),
      centroids: storage('centroids', cluster),
      next: storage('next centroids', cluster),
      stats: storage('centroid norms and shifts', k * 8),
      norms: storage('centroid norms', k * 4),
      mean: upload('mean', mean),
    };
  }

  build(): Iteration {
    const chunks = this.rows.chunks.map((_, at) => this.#chunk(at));
    const { k, rows } = this;
    const { state, counters, centroids, norms } = this.#shared;
    const params = (chunks[0] as (typeof chunks)[number]).params;
    const all = rows.rows * rows.stride;
    return {
      step: {
        name: `k-means ${this.#shape()}`,
        stages: [...chunks.flatMap(({ stages }) => stages), ...this.#closing(params)],
        // Sorting a row and adding it up take some hundred operations beside.
        work: all * k + 4 * all + 300 * rows.rows,
      },
      assign: { name: `assign ${this.#shape()}`, stages: chunks.map(({ assign }) => assign), work: all * k },
      measure: { name: 'inertia', stages: chunks.map(({ measure }) => measure), work: 4 * all },
      chunks,
      ...{ state, counters, centroids, norms },
      close: () => this.owned.close(),
    };
  }

  #shape = (): string => `by ${slabShape(this.k).rows}`;

  #chunk(at: number) {
    const { start, end } = this.rows.chunks[at] as { start: number; end: number };
    const count = end - start;
    const inertiaBlocks = Math.ceil(count / SEGMENT);
    const own = {
      labels: this.owned.storage('labels', count * 4),
      previous: this.owned.storage('labels before', count * 4),
      inertia: this.owned.storage('inertia', inertiaBlocks * 4),
    };
    const params = this.#params(count, at === 0);
    const assign = (halt: GPUBuffer) => this.#assign(at, own.labels, halt);
    return {
      start,
      rows: count,
      ...own,
      inertiaBlocks,
      params,
      stages: [assign(this.#shared.state), ...this.#update(at, count, params, own.labels, own.previous)],
      assign: assign(this.#shared.idle),
      measure: this.#measure(at, inertiaBlocks, params, own.labels, own.inertia),
    };
  }

  #params(rows: number, isFirst: boolean): GPUBuffer {
    const { k, options } = this;
    const { stride } = this.rows;
    const params = this.owned.uniform('update params', PARAMS_BYTES);
    const blocks = Math.floor(rows / SEGMENT) + Math.min(k, rows);
    const words = new Uint32Array(PARAMS_BYTES / 4);
    words.set([rows, stride / 4, k, this.#rounds, dimLanesOf(stride), Number(isFirst), 0, blocks, options.maxIterations]);
    words[9] = Number(options.spherical);
    new Float32Array(words.buffer)[10] = options.shiftTolerance;
    this.gpu.device.queue.writeBuffer(params, 0, words);
    return params;
  }

  #assign(at: number, labels: GPUBuffer, halt: GPUBuffer): Stage {
    const { stride, chunks } = this.rows;
    const { start, end, data, norms } = chunks[at] as (typeof chunks)[number];
    const [k, slab, rows] = [this.k, slabShape(this.k).rows, end - start];
    const params = this.owned.uniform('assign params', ASSIGN_PARAMS_BYTES);
    const range = (from: number, to: number): void =>
      this.gpu.device.queue.writeBuffer(params, 0, assignParams({ from, to, stride, pass: { start: 0, end: k }, all: k }));
    range(0, rows);
    const { centroids, norms: centroidNorms, distances } = this.#shared;
    const buffers = [params, data, norms, centroids, centroidNorms, labels, distances, halt];
    const cut: Cut = { kernel: `assign by ${slab}`, units: rows, align: slab, work: stride * k, range };
    return this.#stage('assign', { ...buffers }, Math.ceil(rows / slab), cut);
  }

  #update(at: number, rows: number, params: GPUBuffer, labels: GPUBuffer, previous: GPUBuffer): Stage[] {
    const s = this.#shared;
    const x = (this.rows.chunks[at] as { data: GPUBuffer }).data;
    const sortingBlocks = Math.ceil(rows / this.#sortingRows);
    const blocks = Math.floor(rows / SEGMENT) + Math.min(this.k, rows);
    const range = (from: number, to: number): void =>
      this.gpu.device.queue.writeBuffer(params, RANGE_AT, Uint32Array.of(from, to));
    const cut: Cut = { kernel: 'sum rows', units: blocks, align: 1, work: SEGMENT * this.rows.stride * 4, range };
    const common = { 0: params, 1: s.state };
    return [
      this.#stage('count', { ...common, 2: labels, 3: previous, 4: s.counts, 16: s.counters }, sortingBlocks),
      this.#stage('scan', { ...common, 4: s.counts, 5: s.totals, 6: s.sizes }, this.k),
      this.#stage('place', { ...common, 5: s.totals, 7: s.segments }, 1),
      this.#stage('scatter', { ...common, 2: labels, 4: s.counts, 7: s.segments, 8: s.order }, sortingBlocks),
      this.#stage('sumBlocks', { ...common, 7: s.segments, 8: s.order, 9: x, 10: s.blockSums }, blocks, cut),
      this.#stage('sumClusters', { ...common, 7: s.segments, 10: s.blockSums, 11: s.sums }, this.k),
    ];
  }

  #closing(params: GPUBuffer): Stage[] {
    const s = this.#shared;
    const common = { 0: params, 1: s.state };
    const clusters = { 13: s.next, 14: s.stats };
    const meansOf = { ...common, ...clusters, 6: s.sizes, 11: s.sums, 12: s.centroids, 15: s.mean, 16: s.counters };
    return [
      this.#stage('means', meansOf, this.k),
      this.#stage('finish', { ...common, 14: s.stats, 16: s.counters }, 1),
      this.#stage(
        'adopt',
        { ...common, ...clusters, 12: s.centroids, 17: s.norms },
        Math.ceil((this.k * this.rows.stride) / 1024),
      ),
    ];
  }

  #measure(at: number, blocks: number, params: GPUBuffer, labels: GPUBuffer, inertia: GPUBuffer): Stage {
    const x = (this.rows.chunks[at] as { data: GPUBuffer }).data;
    return this.#stage('measure', { 0: params, 2: labels, 9: x, 12: this.#shared.centroids, 18: inertia }, blocks);
  }

  #stage(name: keyof Pipelines, at: Readonly<Record<number, GPUBuffer>>, groups: number, cut: Cut | null = null): Stage {
    const pipeline = this.pipelines[name];
    return { pipeline, bind: bindAt(this.gpu, pipeline, at), groups, cut };
  }
}

/** Lanes across a row: a power of two, no more than the row has vectors, 16 at most. */
function dimLanesOf(stride: number): number {
  let lanes = 1;
  while (lanes < 16 && lanes * 2 <= stride / 4) lanes *= 2;
  return lanes;
}

/** Fills the labels with what is no label: nothing is left of a run before, and a slot that no invocation wrote shows. */
export function forgetLabels(gpu: GpuContext, chunks: readonly LabelledChunk[]): void {
  for (const { rows, labels, previous } of chunks) {
    const none = new Uint32Array(rows).fill(NO_LABEL);
    for (const buffer of [labels, previous]) gpu.device.queue.writeBuffer(buffer, 0, none);
  }
}
