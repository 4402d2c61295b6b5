import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Matrix } from '../../domain/index.ts';
import { NEIGHBOURS } from './scores.ts';
import type { Output } from './types.ts';
import { epochsFor } from './work.ts';

export const ATLAS_VERSION = '0.26.0';

/** Its WASM module, as its types tell. */
interface Atlas {
  createNNDescent(
    rows: number,
    cols: number,
    data: Float32Array,
    options: { readonly nNeighbors: number; readonly metric: 'euclidean'; readonly seed: number },
  ): Promise<{ queryByIndex(row: number, k: number): { readonly indices: Int32Array }; destroy(): void }>;
  createUMAP(
    rows: number,
    cols: number,
    dims: number,
    data: Float32Array,
    options: {
      readonly nNeighbors: number;
      readonly metric: 'euclidean';
      readonly minDist: number;
      readonly nEpochs: number;
      readonly seed: number;
    },
  ): Promise<{ readonly embedding: Float32Array; run(): Promise<void>; destroy(): void }>;
}

let loaded: Promise<Atlas> | null = null;

/**
 * The package can't be installed (one of its own dependencies is not published), so it is fetched by `npm pack` into a temporary
 * folder and its UMAP module taken from there. Throws where the registry is out of reach.
 */
export function loadAtlas(): Promise<Atlas> {
  loaded ??= fetchAtlas();
  return loaded;
}

async function fetchAtlas(): Promise<Atlas> {
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-atlas-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const options = { cwd: folder, timeout: 120_000, stdio: 'ignore' } as const;
  execFileSync('npm', ['pack', `embedding-atlas@${ATLAS_VERSION}`], options);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['xzf', archive], options);
  return (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'package/dist/umap.js')).href)) as Atlas;
}

export async function atlasNeighbours(x: Matrix): Promise<(seed: number) => Promise<Output>> {
  const atlas = await loadAtlas();
  return async (seed) => {
    const index = await atlas.createNNDescent(x.rows, x.cols, x.data, { nNeighbors: NEIGHBOURS, metric: 'euclidean', seed });
    const ids = new Int32Array(x.rows * NEIGHBOURS).fill(-1);
    for (let r = 0; r < x.rows; r++) ids.set(index.queryByIndex(r, NEIGHBOURS).indices.subarray(0, NEIGHBOURS), r * NEIGHBOURS);
    index.destroy();
    return { ids };
  };
}

export async function atlasUmap(x: Matrix): Promise<(seed: number) => Promise<Output>> {
  const atlas = await loadAtlas();
  const options = { nNeighbors: NEIGHBOURS, metric: 'euclidean', minDist: 0.1, nEpochs: epochsFor(x.rows) } as const;
  return async (seed) => {
    const umap = await atlas.createUMAP(x.rows, x.cols, 2, x.data, { ...options, seed });
    await umap.run();
    const layout = Float32Array.from(umap.embedding);
    umap.destroy();
    return { layout };
  };
}
