import type { Kernels, Pointer } from './kernels.ts';

/** The kernels on a memory, of this thread's own or shared with others. */
export class Place {
  readonly kernels: Kernels;

  constructor(
    module: WebAssembly.Module,
    protected readonly memory: WebAssembly.Memory,
  ) {
    // The exports' types are written down by hand beside their source; the tests call each of them.
    this.kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
  }

  /** Views; what goes to a caller of the engine is a copy (`slice`, `map`, `from`), never one of these. */
  f32 = (at: Pointer, length: number): Float32Array => new Float32Array(this.memory.buffer, at, length);
  f64 = (at: Pointer, length: number): Float64Array => new Float64Array(this.memory.buffer, at, length);
  i8 = (at: Pointer, length: number): Int8Array => new Int8Array(this.memory.buffer, at, length);
  i16 = (at: Pointer, length: number): Int16Array => new Int16Array(this.memory.buffer, at, length);
  i32 = (at: Pointer, length: number): Int32Array => new Int32Array(this.memory.buffer, at, length);
}
