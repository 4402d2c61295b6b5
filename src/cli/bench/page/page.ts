import type { Matrix } from '../../../domain/index.ts';
import { type Compute, CPU } from '../../../engine/index.ts';
import { type BenchDevice, openBenchDevice } from '../gpu/device.ts';
import { measuredPeak, type Peak } from '../gpu/peak.ts';
import type { DeviceTimes, Output } from '../types.ts';
import { type Task, WORK, type WorkName } from '../work.ts';

/** What the page tells of one run; arrays as plain ones, since that is what leaves a page. */
export interface PageRun {
  readonly wall: number;
  readonly labels?: number[];
  readonly ids?: number[];
  readonly layout?: number[];
  readonly value?: number;
  readonly passes?: number;
  readonly device: DeviceTimes | null;
}

export interface PageBench {
  /** Opens the device; resolves to its name, or null where there is none. */
  openDevice(): Promise<{ readonly name: string; readonly software: boolean; readonly peak: Peak } | null>;
  /** Fetches the rows (float32, from the page's own origin). */
  load(url: string, rows: number, cols: number): Promise<void>;
  /** Runs once, on all rows or on the first `rows`. */
  run(work: WorkName, task: Task, onDevice: boolean, rows?: number): Promise<PageRun>;
}

declare global {
  var murmurationBench: PageBench;
}

let x: Matrix = { rows: 0, cols: 0, data: new Float32Array(0) };
let opened: BenchDevice | null = null;
let given: string | null = null;

globalThis.murmurationBench = { openDevice, load, run };

async function openDevice() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  opened = await openBenchDevice(navigator.gpu);
  const { adapterName: name, software } = opened.gpu;
  return { name, software, peak: await measuredPeak(opened) };
}

async function load(url: string, rows: number, cols: number): Promise<void> {
  const response = await fetch(url);
  x = { rows, cols, data: new Float32Array(await response.arrayBuffer()) };
}

async function run(work: WorkName, task: Task, onDevice: boolean, rows = x.rows): Promise<PageRun> {
  const part = { rows, cols: x.cols, data: x.data.subarray(0, rows * x.cols) };
  const device = onDevice ? opened : null;
  device?.profiler.begin();
  const started = performance.now();
  const output = await WORK[work](part, task, computeOf(device));
  const wall = (performance.now() - started) / 1e3;
  if (given !== null) throw new Error(`The graphics device was given up: ${given}`);
  return { wall, device: device ? await device.profiler.end() : null, ...plain(output) };
}

function plain({ labels, ids, layout, value, passes }: Output): Pick<PageRun, Exclude<keyof PageRun, 'wall' | 'device'>> {
  return {
    ...(labels ? { labels: Array.from(labels) } : {}),
    ...(ids ? { ids: Array.from(ids) } : {}),
    ...(layout ? { layout: Array.from(layout) } : {}),
    ...(value === undefined ? {} : { value }),
    ...(passes === undefined ? {} : { passes }),
  };
}

function computeOf(device: BenchDevice | null): Compute {
  if (!device) return CPU;
  const onFallback = (reason: string): void => {
    given = reason;
  };
  return { device: 'webgpu', gpu: device.gpu, onFallback };
}
