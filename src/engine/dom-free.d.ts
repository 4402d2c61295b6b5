/** The few globals beside ECMAScript that domain, gpu and engine may use; in place of the DOM's types in this program. */
declare const performance: { now(): number };
declare interface AbortSignal {
  readonly aborted: boolean;
}
declare interface MessagePort {
  onmessage: ((event: unknown) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
declare class MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}
declare interface ReadableStream<R = unknown> {
  getReader(): { read(): Promise<{ done: boolean; value?: R }>; releaseLock(): void };
}
/** Part of a file, as domain names it; what is in it is the reader's business. */
declare interface Blob {
  readonly size: number;
}
declare module '*.wgsl?raw' {
  const source: string;
  export default source;
}
declare namespace WebAssembly {
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Memory {
    constructor(pages: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory } });
    readonly exports: Record<string, unknown>;
  }
}
