import type { DeviceTimes, KernelTime } from '../types.ts';

/** Passes of one query set: 4,096 timestamps are the most that WebGPU allows. */
const PASSES = 2048;

interface Pass {
  readonly pipelines: Set<string>;
  dispatches: number;
  readonly slot: number;
}

/**
 * Counts what runs on a device and how long each kernel takes there, whoever submits it: `createCommandEncoder` and `submit` of
 * this one device object are wrapped, and every compute pass gets timestamps where the adapter has them. A pass with several
 * kernels is told under all their names.
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
      const pass: Pass = { pipelines: new Set(), dispatches: 0, slot: this.#passes.length };
      this.#passes.push(pass);
      return watchedPass(begin({ ...descriptor, ...this.#writes(pass.slot) }), pass);
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

function watchedPass(encoder: GPUComputePassEncoder, pass: Pass): GPUComputePassEncoder {
  const setPipeline = encoder.setPipeline.bind(encoder);
  encoder.setPipeline = (pipeline: GPUComputePipeline) => {
    pass.pipelines.add(pipeline.label || 'unnamed');
    return setPipeline(pipeline);
  };
  const dispatch = encoder.dispatchWorkgroups.bind(encoder);
  encoder.dispatchWorkgroups = (...groups: Parameters<typeof dispatch>) => {
    pass.dispatches++;
    return dispatch(...groups);
  };
  return encoder;
}

/** Longest first. */
function kernelTimes(passes: readonly Pass[], stamps: BigInt64Array): KernelTime[] {
  const found = new Map<string, { seconds: number; dispatches: number }>();
  for (const { pipelines, dispatches, slot } of passes) {
    const kernel = [...pipelines].sort().join(' + ') || 'empty pass';
    const before = found.get(kernel) ?? { seconds: 0, dispatches: 0 };
    // A driver that resets its clock between the two stamps would give a negative time.
    const nanoseconds = Math.max(0, Number((stamps[2 * slot + 1] as bigint) - (stamps[2 * slot] as bigint)));
    found.set(kernel, { seconds: before.seconds + nanoseconds / 1e9, dispatches: before.dispatches + dispatches });
  }
  return [...found].map(([kernel, times]) => ({ kernel, ...times })).sort((a, b) => b.seconds - a.seconds);
}
