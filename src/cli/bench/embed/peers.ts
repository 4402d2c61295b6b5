import { type ChildProcess, fork } from 'node:child_process';

/** How others would embed: see peer.mjs. */
export type PeerWay = 'plain' | 'bare';

/** One run over some rows. */
export interface Embedding {
  readonly wall: number;
  readonly cpu: number;
  /** Of the first rows. */
  readonly vectors: readonly (readonly number[])[];
  readonly told?: string;
}

export interface EmbedPeer {
  embed(rows: readonly string[]): Promise<Embedding>;
  close(): void;
}

export interface PeerModel {
  /** Folder of the models; ends with '/'. */
  readonly models: string;
  readonly id: string;
  /** Below the model's folder. */
  readonly file: string;
  readonly wasmBase: string;
}

/** By path from the repository root, where the benchmark runs. */
const SCRIPT = 'src/cli/bench/embed/peer.mjs';

/** Starts it and embeds `warm` once. */
export async function openPeer(way: PeerWay, model: PeerModel, warm: readonly string[]): Promise<EmbedPeer> {
  const child = fork(SCRIPT, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  try {
    await ask(child, { what: 'open', way, warm, ...model });
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    embed: async (rows) => (await ask(child, { what: 'embed', rows })) as Embedding,
    close: () => void child.kill(),
  };
}

type Answer = { readonly value: unknown } | { readonly failed: string };

function ask(child: ChildProcess, question: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`The other way's process ended (${code}).`));
    child.once('exit', ended);
    child.once('message', (message) => {
      const answer = message as Answer;
      child.off('exit', ended);
      if ('failed' in answer) reject(new Error(answer.failed));
      else resolve(answer.value);
    });
    child.send(question, (error) => error && reject(error));
  });
}
