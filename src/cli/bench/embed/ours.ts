import { resolve } from 'node:path';
import { rowOf, silentContext } from '../../../domain/index.ts';
import { BUILT_IN_ID, createNodeEmbedder } from '../../../embed/index.ts';
import { nodeRunners } from '../../node-runners.ts';
import { timeOnce } from '../timing.ts';

/** One run of ours. */
export interface Embedded {
  readonly wall: number;
  readonly cpu: number;
  readonly tokens: number;
  /** Of a row, by its place. */
  vectorOf(row: number): Float32Array;
}

/** A worker that is not at work by then will not be. */
const MOST_WARM_UPS = 20;
/** Different texts that further workers start for. */
const MANY = 500;

/**
 * Opens the model, embeds `warm` until all workers are at work, and lets `work` embed rows by the clock; the search for distinct texts is part of it.
 * @param thread runner.thread.mjs, where it does not lie beside this file
 */
export async function openOurs(
  workers: number,
  thread: string | undefined,
  warm: readonly string[],
  work: (embed: (rows: readonly string[]) => Promise<Embedded>) => Promise<Embedded>,
): Promise<Embedded> {
  const embedder = await createNodeEmbedder({
    ...{ root: resolve('.'), wish: { model: BUILT_IN_ID, dtype: 'q8', device: 'wasm' } },
    ...(workers > 1 ? nodeRunners(workers, [], thread) : {}),
  });
  const texts =
    workers === 1 ? warm : Array.from({ length: MANY }, (_, i) => `${warm[i % warm.length]} ${Math.floor(i / warm.length)}`);
  try {
    for (let i = 0; i === 0 || (await embedder.describe()).workers < workers; i++) {
      if (i === MOST_WARM_UPS) throw new Error(`Only ${(await embedder.describe()).workers} of ${workers} workers started.`);
      await embedder.embed([...new Set(texts)], silentContext);
    }
    return await work(async (rows) => {
      const places = new Map<string, number>();
      let found: Awaited<ReturnType<typeof embedder.embed>> | undefined;
      const { wall, cpu } = await timeOnce(async () => {
        for (const row of rows) if (!places.has(row)) places.set(row, places.size);
        found = await embedder.embed([...places.keys()], silentContext);
        return {};
      });
      const { vectors, report } = found as NonNullable<typeof found>;
      return {
        wall,
        cpu: cpu ?? wall,
        tokens: report.tokens,
        vectorOf: (row) => rowOf(vectors, places.get(rows[row] as string) as number),
      };
    });
  } finally {
    await embedder.dispose();
  }
}
