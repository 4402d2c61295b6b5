import type { GpuContext } from './context.ts';

/** Where the times of a {@link Timing} come from. */
export type TimeSource = 'timestamp-query' | 'wall';

/** All passes of one kernel, by the label of the first pipeline of the pass (its entry point). */
export interface KernelTime {
  readonly passes: number;
  readonly ms: number;
}

export interface Timing {
  /**
   * 'timestamp-query': the device's own clock around each compute pass, added up; waiting, uploads and read-backs are not in
   * it. 'wall': the same as `wallMs`, where the device has no such clock.
   */
  readonly source: TimeSource;
  /** Milliseconds. */
  readonly ms: number;
  /** From the call to the end of all that the device was given, in milliseconds: what a user waits. */
  readonly wallMs: number;
  /** By kernel; empty where `source` is 'wall'. */
  readonly kernels: ReadonlyMap<string, KernelTime>;
}

/** Times what is done through its `gpu`. */
export interface GpuTimer {
  /**
   * The context that it was made for, with a device whose compute passes are timed. To be handed to the work. What is kept by
   * context (how much a dispatch may hold) is learnt anew on it: warm up on it too.
   */
  readonly gpu: GpuContext;
  readonly source: TimeSource;
  /** Runs `work` and waits until the device has ended it. One at a time. Rejects as `work` does, or as the context does. */
  time(work: () => unknown): Promise<Timing>;
}

/** Queries of one set: two a pass. 4096 is the most that WebGPU promises. */
const SET_QUERIES = 4096;

/**
 * A timer by 'timestamp-query' where the context has the feature, else by the clock on the wall. The context stays the caller's.
 * Browsers round timestamps to 100 microseconds (Dawn in Node too, unless it is made with
 * `disable-dawn-features=timestamp_quantization`): time enough passes for that not to matter.
 */
export function createTimer(gpu: GpuContext): GpuTimer {
  return gpu.features.has('timestamp-query') ? new QueryTimer(gpu) : new WallTimer(gpu);
}

class WallTimer implements GpuTimer {
  readonly source = 'wall';

  constructor(readonly gpu: GpuContext) {}

  async time(work: () => unknown): Promise<Timing> {
    const wallMs = await wallTime(this.gpu, work);
    return { source: this.source, ms: wallMs, wallMs, kernels: new Map() };
  }
}

class QueryTimer implements GpuTimer {
  readonly source = 'timestamp-query';
  readonly gpu: GpuContext;
  #passes: PassLog | null = null;

  constructor(private readonly base: GpuContext) {
    this.gpu = withDevice(
      base,
      timedDevice(base.device, () => this.#passes),
    );
  }

  async time(work: () => unknown): Promise<Timing> {
    const passes = new PassLog(this.base);
    this.#passes = passes;
    try {
      const wallMs = await wallTime(this.base, work);
      const kernels = await passes.collect();
      const ms = [...kernels.values()].reduce((sum, kernel) => sum + kernel.ms, 0);
      return { source: this.source, ms, wallMs, kernels };
    } finally {
      this.#passes = null;
      passes.close();
    }
  }
}

async function wallTime(gpu: GpuContext, work: () => unknown): Promise<number> {
  await gpu.finished();
  const start = performance.now();
  await work();
  await gpu.finished();
  return performance.now() - start;
}

/** The passes of one measurement: pass i has the queries 2i and 2i + 1, counted over the sets. */
class PassLog {
  readonly #sets: GPUQuerySet[] = [];
  readonly #labels: string[] = [];

  constructor(private readonly gpu: GpuContext) {}

  /** A place for the next pass. Its label is set once the pass has a pipeline. */
  begin(): { readonly timestampWrites: GPUComputePassTimestampWrites; readonly name: (label: string) => void } {
    const pass = this.#labels.length;
    const first = (pass * 2) % SET_QUERIES;
    if (first === 0) this.#sets.push(this.gpu.device.createQuerySet({ type: 'timestamp', count: SET_QUERIES }));
    this.#labels.push('');
    const querySet = this.#sets.at(-1) as GPUQuerySet;
    return {
      timestampWrites: { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 },
      name: (label) => {
        this.#labels[pass] ||= label;
      },
    };
  }

  async collect(): Promise<Map<string, KernelTime>> {
    const out = new Map<string, KernelTime>();
    for (const [s, set] of this.#sets.entries()) {
      const labels = this.#labels.slice((s * SET_QUERIES) / 2, ((s + 1) * SET_QUERIES) / 2);
      const times = await this.#resolve(set, labels.length * 2);
      for (const [i, label] of labels.entries()) {
        const known = out.get(label);
        // A device that was reset or put to sleep between the two may count backwards.
        const ms = Math.max(0, Number((times[2 * i + 1] as bigint) - (times[2 * i] as bigint)) / 1e6);
        out.set(label, { passes: (known?.passes ?? 0) + 1, ms: (known?.ms ?? 0) + ms });
      }
    }
    return out;
  }

  /** Nanoseconds of each query. */
  async #resolve(set: GPUQuerySet, count: number): Promise<BigUint64Array> {
    const { device } = this.gpu;
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    const buffer = await this.gpu.guarded('read timestamps', () => {
      const made = device.createBuffer({ label: 'timestamps', size: count * 8, usage });
      const encoder = device.createCommandEncoder();
      encoder.resolveQuerySet(set, 0, count, made, 0);
      device.queue.submit([encoder.finish()]);
      return made;
    });
    try {
      const [bytes] = await this.gpu.read([{ buffer, bytes: count * 8 }]);
      return new BigUint64Array(bytes as ArrayBuffer);
    } finally {
      buffer.destroy();
    }
  }

  close(): void {
    for (const set of this.#sets) set.destroy();
    this.#sets.length = 0;
  }
}

/** The context with another device: own properties are copied, methods run on the context itself. */
function withDevice(base: GpuContext, device: GPUDevice): GpuContext {
  return {
    ...base,
    device,
    get isLost() {
      return base.isLost;
    },
    pipeline: (source, entry, constants) => base.pipeline(source, entry, constants),
    createStorage: (label, bytes) => base.createStorage(label, bytes),
    upload: (label, data) => base.upload(label, data),
    createUniform: (label, bytes) => base.createUniform(label, bytes),
    guarded: (what, work) => base.guarded(what, work),
    read: (parts) => base.read(parts),
    finished: () => base.finished(),
    destroy: () => base.destroy(),
  };
}

/** The device, whose encoders add timestamps to each compute pass while `log` gives somewhere to put them. */
function timedDevice(device: GPUDevice, log: () => PassLog | null): GPUDevice {
  return facade(device, {
    createCommandEncoder: (descriptor?: GPUCommandEncoderDescriptor) => {
      const encoder = device.createCommandEncoder(descriptor);
      return facade(encoder, { beginComputePass: (pass) => beginTimed(encoder, pass, log()) });
    },
  });
}

function beginTimed(encoder: GPUCommandEncoder, descriptor: GPUComputePassDescriptor = {}, log: PassLog | null) {
  if (!log || descriptor.timestampWrites) return encoder.beginComputePass(descriptor);
  const { timestampWrites, name } = log.begin();
  if (descriptor.label) name(descriptor.label);
  const pass = encoder.beginComputePass({ ...descriptor, timestampWrites });
  return facade(pass, {
    setPipeline: (pipeline) => {
      name(pipeline.label);
      pass.setPipeline(pipeline);
    },
  });
}

/** `target` with some of its methods replaced. All others are called on the target: native objects refuse a proxy as `this`. */
function facade<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      if (key in methods) return methods[key as keyof T];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (_, key, value) => Reflect.set(target, key, value, target),
  });
}
