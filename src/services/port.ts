import { type Remote, transfer } from 'comlink';
import type { Connectable } from '../protocol/index.ts';

/** One end of a channel whose other end the worker answers on. */
export async function portTo(api: Remote<Connectable>): Promise<MessagePort> {
  const { port1, port2 } = new MessageChannel();
  await api.connect(transfer(port2, [port2]));
  return port1;
}
