import { nextTask } from '../domain/index.ts';
import { GpuLostError, gpuError } from './errors.ts';

/** Numbers that a WGSL `override` takes. */
export type Constants = Readonly<Record<string, number>>;

/** Any typed array whose bytes can be uploaded. */
export type Uploadable = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/**
 * One open device and what everyone needs around it. Whoever opened it destroys it; buffers belong to who created them.
 * Once the device is lost, `isLost` is true, `lost` has resolved and every pending or later call rejects or throws with
 * {@link GpuLostError}.
 */
export interface GpuContext {
  readonly device: GPUDevice;
  /** For people: "nvidia ampere", "google swiftshader". */
  readonly adapterName: string;
  /** A CPU that plays a GPU; for tests only. */
  readonly software: boolean;
  /** Largest array, in bytes, that one binding may hold on this device. */
  readonly maxBindingBytes: number;
  /** Optional features that this device was opened with, by WebGPU's names: 'timestamp-query', 'subgroups'. */
  readonly features: ReadonlySet<string>;
  readonly isLost: boolean;
  readonly lost: Promise<GpuLostError>;
  /** Compiled once per (source, entry, constants). Rejects where the driver refuses the kernel. */
  pipeline(source: string, entry: string, constants?: Constants): Promise<GPUComputePipeline>;
  /** A storage buffer that can be copied from and to; zeroed. `bytes` is rounded up to a multiple of 4, at least 4. */
  createStorage(label: string, bytes: number): GPUBuffer;
  /** A storage buffer that holds a copy of `data`. */
  upload(label: string, data: Uploadable): GPUBuffer;
  /** A uniform buffer of `bytes` (rounded up to 16). */
  createUniform(label: string, bytes: number): GPUBuffer;
  /**
   * Runs `work` between error scopes and resolves when the device has accepted it. `work` must be synchronous: scopes
   * are a stack of the device, and two jobs that interleave would read each other's errors.
   */
  guarded<T>(what: string, work: () => T): Promise<T>;
  /** Copies the first `bytes` of each buffer to the CPU once all work submitted before has ended. */
  read(parts: readonly { readonly buffer: GPUBuffer; readonly bytes: number }[]): Promise<ArrayBuffer[]>;
  /** Resolves when all work submitted before has ended. */
  finished(): Promise<void>;
  /** May be called twice, and while work is running (which then rejects). */
  destroy(): void;
}

export function createGpuContext(device: GPUDevice, adapterName: string, software: boolean): GpuContext {
  return new DeviceContext(device, adapterName, software);
}

class DeviceContext implements GpuContext {
  readonly device: GPUDevice;
  readonly adapterName: string;
  readonly software: boolean;
  readonly maxBindingBytes: number;
  readonly features: ReadonlySet<string>;
  readonly lost: Promise<GpuLostError>;
  #lostError: GpuLostError | null = null;
  /** Called on loss. A race against `lost` itself would leave a handler there for every call, as long as the device lives. */
  readonly #waiting = new Set<(error: GpuLostError) => void>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice, adapterName: string, software: boolean) {
    this.device = device;
    this.adapterName = adapterName;
    this.software = software;
    this.maxBindingBytes = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    this.features = new Set(device.features);
    this.lost = device.lost.then((info) => {
      this.#lostError ??= new GpuLostError(info.message || info.reason);
      for (const giveUp of this.#waiting) giveUp(this.#lostError);
      return this.#lostError;
    });
  }

  get isLost(): boolean {
    return this.#lostError !== null;
  }

  pipeline(source: string, entry: string, constants: Constants = {}): Promise<GPUComputePipeline> {
    const key = JSON.stringify([entry, constants, source]);
    const known = this.#pipelines.get(key);
    if (known) return known;
    const made = this.#compile(source, entry, constants);
    this.#pipelines.set(key, made);
    // A failure is not kept: it may have been the loss of memory of a moment.
    made.catch(() => this.#pipelines.delete(key));
    return made;
  }

  createStorage(label: string, bytes: number): GPUBuffer {
    return this.#create(label, bytes, 4, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST);
  }

  upload(label: string, data: Uploadable): GPUBuffer {
    const buffer = this.createStorage(label, data.byteLength);
    this.device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  createUniform(label: string, bytes: number): GPUBuffer {
    return this.#create(label, bytes, 16, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  }

  async guarded<T>(what: string, work: () => T): Promise<T> {
    this.#assertAlive();
    const { device } = this;
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    let scopes: Promise<(GPUError | null)[]>;
    let result: T;
    try {
      result = work();
    } finally {
      // Popped before anything is awaited, so that the bracket holds this work only.
      scopes = Promise.all([device.popErrorScope(), device.popErrorScope()]);
      scopes.catch(() => {});
    }
    const errors = await this.#orLost(what, scopes);
    const error = errors.find((e) => e !== null);
    if (error) throw gpuError(what, error);
    return result;
  }

  async read(parts: readonly { readonly buffer: GPUBuffer; readonly bytes: number }[]): Promise<ArrayBuffer[]> {
    const sizes = parts.map((part) => roundUp(part.bytes, 4));
    const staging = await this.guarded('read back', () => this.#stage(parts, sizes));
    try {
      await this.#orLost('read back', staging.mapAsync(GPUMapMode.READ));
      const all = staging.getMappedRange().slice(0);
      let offset = 0;
      return parts.map((part, i) => {
        const bytes = all.slice(offset, offset + part.bytes);
        offset += sizes[i] as number;
        return bytes;
      });
    } finally {
      staging.destroy();
    }
  }

  async finished(): Promise<void> {
    this.#assertAlive();
    await this.#orLost('wait', this.device.queue.onSubmittedWorkDone());
  }

  destroy(): void {
    this.#lostError ??= new GpuLostError('closed');
    this.#pipelines.clear();
    this.device.destroy();
  }

  #stage(parts: readonly { readonly buffer: GPUBuffer }[], sizes: readonly number[]): GPUBuffer {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const staging = this.#create('staging', total, 4, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    const encoder = this.device.createCommandEncoder();
    let offset = 0;
    for (const [i, part] of parts.entries()) {
      const size = sizes[i] as number;
      if (size > 0) encoder.copyBufferToBuffer(part.buffer, 0, staging, offset, size);
      offset += size;
    }
    this.device.queue.submit([encoder.finish()]);
    return staging;
  }

  async #compile(source: string, entry: string, constants: Constants): Promise<GPUComputePipeline> {
    const module = await this.guarded(`compile ${entry}`, () => this.device.createShaderModule({ label: entry, code: source }));
    const compute = { module, entryPoint: entry, constants: { ...constants } };
    const made = this.device.createComputePipelineAsync({ label: entry, layout: 'auto', compute });
    return await this.#orLost(`compile ${entry}`, made);
  }

  #create(label: string, bytes: number, multiple: number, usage: GPUBufferUsageFlags): GPUBuffer {
    return this.device.createBuffer({ label, size: Math.max(multiple, roundUp(bytes, multiple)), usage });
  }

  #assertAlive(): void {
    if (this.#lostError) throw this.#lostError;
  }

  /** The promise's value; its failure, or the loss of the device while it was pending, as one of our errors. */
  async #orLost<T>(what: string, pending: Promise<T>): Promise<T> {
    let giveUp: (error: GpuLostError) => void = () => {};
    const lost = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    this.#waiting.add(giveUp);
    try {
      const value = await Promise.race([pending, lost]);
      this.#assertAlive();
      return value;
    } catch (cause) {
      // A map is aborted a moment before the loss is told; what is asked here is which of the two it was.
      for (let i = 0; i < 3 && !this.isLost; i++) await nextTask();
      throw this.#lostError ?? gpuError(what, cause);
    } finally {
      this.#waiting.delete(giveUp);
    }
  }
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
