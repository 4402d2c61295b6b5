import { resolve } from 'node:path';
import { rowOf, silentContext } from '../../../domain/index.ts';
import { BUILT_IN_ID, createNodeEmbedder } from '../../../embed/index.ts';
import { timeOnce } from '../timing.ts';

/** One run of ours. */
export interface Embedded {
  readonly wall: number;
  readonly cpu: number;
  readonly tokens: number;
  /** Of a row, by its place. */
  vectorOf(row: number): Float32Array;
}

/** Opens the model, embeds `warm`, and lets `work` embed rows by the clock; the search for distinct texts is part of it. */
export async function openOurs(
  _workers: number,
  warm: readonly string[],
  work: (embed: (rows: readonly string[]) => Promise<Embedded>) => Promise<Embedded>,
): Promise<Embedded> {
  const embedder = await createNodeEmbedder({ root: resolve('.'), wish: { model: BUILT_IN_ID, dtype: 'q8', device: 'wasm' } });
  try {
    await embedder.embed([...new Set(warm)], silentContext);
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
