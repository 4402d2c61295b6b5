import { type Endpoint, expose } from 'comlink';
import type { WorkerLike } from './spawn.ts';

/** A worker whose script is an API object of this thread; for tests of what the clients do. */
export class FakeWorker extends EventTarget implements WorkerLike {
  terminated = false;
  readonly #inside: MessagePort;
  readonly #outside: MessagePort;

  constructor(api: object) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.#outside = port1;
    this.#inside = port2;
    port1.addEventListener('message', (event) =>
      this.dispatchEvent(new MessageEvent('message', { data: (event as MessageEvent).data })),
    );
    port1.start();
    expose(api, port2 as unknown as Endpoint);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (!this.terminated) this.#outside.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    this.#outside.close();
    this.#inside.close();
  }

  /** As if the script had thrown outside of any call. */
  crash(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }
}
