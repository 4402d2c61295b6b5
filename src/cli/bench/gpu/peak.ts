import type { GpuContext } from '../../../gpu/index.ts';
import type { BenchDevice } from './device.ts';
import shader from './peak.wgsl?raw';

/** Most that an adapter does, in operations (a multiply-add is two) and bytes a second. */
export interface Peak {
  readonly flops: number;
  readonly bytes: number;
  /** Where the figures are from. */
  readonly source: string;
}

const LANES = 256;
const OPERATIONS_A_TURN = 8 * 4 * 2;
/** Long enough for a clock that ticks every 0.1 ms. */
const ENOUGH_SECONDS = 0.02;
const RUNS = 5;

/** Known peaks, from the makers' data sheets; NVIDIA's dense fp32 outside the tensor cores, at boost clock. */
const DATA_SHEETS: readonly (readonly [name: RegExp, teraflops: number, gigabytes: number])[] = [
  [/H200 NVL/, 60, 4800],
  [/H200/, 67, 4800],
  [/H100 NVL/, 60, 3900],
  [/H100.*PCIe/, 51, 2000],
  [/H100/, 67, 3350],
  [/A100.*80GB/, 19.5, 1935],
  [/A100/, 19.5, 1555],
  [/L40S/, 91.6, 864],
  [/NVIDIA L4\b/, 30.3, 300],
  [/Tesla T4/, 8.1, 300],
  [/NVIDIA A10\b/, 31.2, 600],
  [/RTX 4090/, 82.6, 1008],
];

/** What the data sheet says of the adapter, by its name; null where it is not in the small table. */
export function knownPeak(adapterName: string): Peak | null {
  const found = DATA_SHEETS.find(([name]) => name.test(adapterName));
  return found ? { flops: found[1] * 1e12, bytes: found[2] * 1e9, source: "the maker's data sheet" } : null;
}

/** What two small kernels reach: a loop of multiply-adds in registers, and a copy. Best of five. */
export async function measuredPeak(device: BenchDevice): Promise<Peak> {
  const flops = await bestMultiplyAdd(device);
  const bytes = await bestCopy(device);
  return { flops, bytes, source: 'measured here by a loop of multiply-adds and a copy' };
}

/** Twice as long until it is long enough, then the best of some. */
async function bestMultiplyAdd({ gpu, profiler }: BenchDevice): Promise<number> {
  const groups = gpu.software ? 16 : 16384;
  const [source, target] = [
    gpu.upload('peak source', new Float32Array(4096).fill(0.5)),
    gpu.createStorage('peak target', 2 ** 20),
  ];
  try {
    for (let loops = 64; ; loops *= 2) {
      const pipeline = await gpu.pipeline(shader, 'multiplyAdd', { LOOPS: loops });
      const once = () => secondsOf(gpu, profiler, pipeline, [source, target], groups);
      if ((await once()) < ENOUGH_SECONDS && loops < 2 ** 16) continue;
      return (groups * LANES * loops * OPERATIONS_A_TURN) / (await bestOf(once));
    }
  } finally {
    source.destroy();
    target.destroy();
  }
}

/** Far more than any cache holds, where the adapter has the room. */
async function bestCopy({ gpu, profiler }: BenchDevice): Promise<number> {
  const bytes = Math.min(gpu.software ? 2 ** 24 : 2 ** 30, gpu.maxBindingBytes);
  const [source, target] = [gpu.createStorage('peak source', bytes), gpu.createStorage('peak target', bytes)];
  try {
    const pipeline = await gpu.pipeline(shader, 'copyAll');
    return (2 * bytes) / (await bestOf(() => secondsOf(gpu, profiler, pipeline, [source, target], gpu.software ? 64 : 8192)));
  } finally {
    source.destroy();
    target.destroy();
  }
}

async function bestOf(once: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) best = Math.min(best, await once());
  return best;
}

/** By the device's own clock where it has one. */
async function secondsOf(
  gpu: GpuContext,
  profiler: BenchDevice['profiler'],
  pipeline: GPUComputePipeline,
  buffers: readonly GPUBuffer[],
  groups: number,
): Promise<number> {
  profiler.begin();
  const started = performance.now();
  await gpu.guarded('measure the peak', () => {
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, gpu.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(groups);
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
  });
  await gpu.finished();
  const wall = (performance.now() - started) / 1e3;
  const { kernels } = await profiler.end();
  return kernels[0]?.seconds || wall;
}
