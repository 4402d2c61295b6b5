import type { DeviceTimes, KernelTime } from '../types.ts';

/** Passes of one query set: 4,096 timestamps are the most that WebGPU allows. */
const PASSES = 2048;

interface Pass {
  readonly kernel: string;
  readonly slot: number;
  dispatches: number;
}

/**
 * Counts what runs on a device and how long each kernel takes there, whoever submits it: `createCommandEncoder` and `submit` of
 * this one device object are wrapped, and a compute pass is cut into one for each kernel that is set in it, with timestamps where
 * the adapter has them. Cutting changes no result: dispatches of one pass see each other's writes just as passes do.
 */
export class DeviceProfiler {
  readonly #sets: GPUQuerySet[] = [];
  readonly #timed: boolean;
  #passes: Pass[] = [];
  #submits = 0;
  /** Not counted. */
  readonly #submit: GPUQueue['submit'];

  constructor(private readonly device: GPUDevice) {
    this.#timed = device.features.has('timestamp-query');
    const create = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor?: GPUCommandEncoderDescriptor) => this.#watched(create(descriptor));
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    this.#submit = submit;
    queue.submit = (buffers: Iterable<GPUCommandBuffer>) => {
      this.#submits++;
      return submit(buffers);
    };
  }

  begin(): void {
    this.#passes = [];
    this.#submits = 0;
  }

  /** What was submitted since `begin`. */
  async end(): Promise<DeviceTimes> {
    const [passes, submits] = [this.#passes, this.#submits];
    const stamps = this.#timed && passes.length > 0 ? await this.#stamps(passes.length) : null;
    return { submits, kernels: stamps ? kernelTimes(passes, stamps) : [] };
  }

  #watched(encoder: GPUCommandEncoder): GPUCommandEncoder {
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (descriptor: GPUComputePassDescriptor = {}) => {
      const start = (kernel: string): [GPUComputePassEncoder, Pass] => {
        const pass: Pass = { kernel, slot: this.#passes.length, dispatches: 0 };
        this.#passes.push(pass);
        return [begin({ ...descriptor, ...this.#writes(pass.slot) }), pass];
      };
      return new CutPass(start) as unknown as GPUComputePassEncoder;
    };
    return encoder;
  }

  #writes(slot: number): { readonly timestampWrites?: GPUComputePassTimestampWrites } {
    if (!this.#timed) return {};
    const set = Math.floor(slot / PASSES);
    this.#sets[set] ??= this.device.createQuerySet({ type: 'timestamp', count: 2 * PASSES });
    const at = 2 * (slot % PASSES);
    const querySet = this.#sets[set] as GPUQuerySet;
    return { timestampWrites: { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 } };
  }

  /** Nanoseconds, two a pass. */
  async #stamps(passes: number): Promise<BigInt64Array> {
    const { device } = this;
    const out = new BigInt64Array(2 * passes);
    for (let first = 0; first < passes; first += PASSES) {
      const count = 2 * Math.min(PASSES, passes - first);
      const resolved = device.createBuffer({ size: count * 8, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
      const staging = device.createBuffer({ size: count * 8, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
      const encoder = device.createCommandEncoder();
      encoder.resolveQuerySet(this.#sets[first / PASSES] as GPUQuerySet, 0, count, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, count * 8);
      this.#submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      out.set(new BigInt64Array(staging.getMappedRange().slice(0)), 2 * first);
      resolved.destroy();
      staging.destroy();
    }
    return out;
  }
}

/** What the engine uses of a compute pass; each kernel that is set opens a pass of its own, with the groups bound so far. */
class CutPass {
  #open: GPUComputePassEncoder | null = null;
  #pass: Pass | null = null;
  readonly #groups = new Map<number, Parameters<GPUComputePassEncoder['setBindGroup']>>();

  constructor(private readonly start: (kernel: string) => [GPUComputePassEncoder, Pass]) {}

  setPipeline(pipeline: GPUComputePipeline): void {
    this.#open?.end();
    [this.#open, this.#pass] = this.start(pipeline.label || 'unnamed');
    this.#open.setPipeline(pipeline);
    for (const group of this.#groups.values()) this.#open.setBindGroup(...group);
  }

  setBindGroup(...group: Parameters<GPUComputePassEncoder['setBindGroup']>): void {
    this.#groups.set(group[0], group);
    this.#open?.setBindGroup(...group);
  }

  dispatchWorkgroups(...size: Parameters<GPUComputePassEncoder['dispatchWorkgroups']>): void {
    if (this.#pass) this.#pass.dispatches++;
    this.#open?.dispatchWorkgroups(...size);
  }

  dispatchWorkgroupsIndirect(...from: Parameters<GPUComputePassEncoder['dispatchWorkgroupsIndirect']>): void {
    if (this.#pass) this.#pass.dispatches++;
    this.#open?.dispatchWorkgroupsIndirect(...from);
  }

  end(): void {
    this.#open?.end();
    this.#open = null;
  }
}

/** Longest first. */
function kernelTimes(passes: readonly Pass[], stamps: BigInt64Array): KernelTime[] {
  const found = new Map<string, { seconds: number; dispatches: number }>();
  for (const { kernel, dispatches, slot } of passes) {
    const before = found.get(kernel) ?? { seconds: 0, dispatches: 0 };
    // A driver that resets its clock between the two stamps would give a negative time.
    const nanoseconds = Math.max(0, Number((stamps[2 * slot + 1] as bigint) - (stamps[2 * slot] as bigint)));
    found.set(kernel, { seconds: before.seconds + nanoseconds / 1e9, dispatches: before.dispatches + dispatches });
  }
  return [...found].map(([kernel, times]) => ({ kernel, ...times })).sort((a, b) => b.seconds - a.seconds);
}
