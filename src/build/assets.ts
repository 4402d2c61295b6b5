import { cp, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ensureBuiltInModel } from './model/index.ts';
import { ortAssetFiles } from './ort-assets.ts';
import { ensureSample } from './sample/index.ts';

/** Makes what the app serves but the repository does not hold: the built-in model, the runtime's wasm, the sample. */
export async function ensureAssets(root: string): Promise<void> {
  const model = await ensureBuiltInModel(root);
  if (model.built) console.log(`Built-in model made: ${model.files.map((f) => `${f.path} (${megabytes(f.bytes)})`).join(', ')}`);
  await ensureSample(root);
  for (const { from, to } of ortAssetFiles(root)) await copyIfChanged(from, join(root, 'public/ort', to));
}

async function copyIfChanged(from: string, to: string): Promise<void> {
  const [source, target] = await Promise.all([stat(from), stat(to).catch(() => null)]);
  if (target && target.size === source.size && target.mtimeMs >= source.mtimeMs) return;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Bundled to dist/node/..., so the root is where npm runs scripts: the folder of package.json. */
export const projectRoot = (): string => resolve(process.cwd());
