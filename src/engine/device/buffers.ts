import type { GpuContext, Uploadable } from '../../gpu/index.ts';
import { destroyAll } from './submit.ts';

/**
 * Makes buffers and destroys them all at once, those of a `guarded` that failed half-way included. Whoever made it closes it.
 * To be called within `gpu.guarded`, as whatever allocates.
 */
export class OwnedBuffers {
  readonly #all: GPUBuffer[] = [];

  constructor(private readonly gpu: GpuContext) {}

  storage = (label: string, bytes: number): GPUBuffer => this.#own(this.gpu.createStorage(label, bytes));
  upload = (label: string, data: Uploadable): GPUBuffer => this.#own(this.gpu.upload(label, data));
  uniform = (label: string, bytes: number): GPUBuffer => this.#own(this.gpu.createUniform(label, bytes));

  /** May be called twice. */
  close(): void {
    destroyAll(this.#all.splice(0));
  }

  #own(buffer: GPUBuffer): GPUBuffer {
    this.#all.push(buffer);
    return buffer;
  }
}
