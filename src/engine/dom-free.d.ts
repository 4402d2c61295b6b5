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
declare module '*.wgsl?raw' {
  const source: string;
  export default source;
}
