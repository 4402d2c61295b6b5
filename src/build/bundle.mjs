import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { assemblyScript } from './assemblyscript.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What entries start as threads, by the names `kernels.thread.mjs` and `runner.thread.mjs` beside them. */
const THREADS = ['src/cli/kernels.thread.ts', 'src/cli/runner.thread.ts'];

/**
 * Bundles one TypeScript entry for Node, and the threads beside it; packages stay outside. Returns the path of the module it
 * wrote for the entry.
 * One folder an entry unless told, so that two builds at once never write the same file.
 */
export async function bundleForNode(entry, folder = folderOf(resolve(root, entry))) {
  const source = resolve(root, entry);
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [assemblyScript()],
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node20',
      sourcemap: 'inline',
      rolldownOptions: {
        input: [source, ...THREADS.map((thread) => resolve(root, thread))],
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return join(folder, `${basename(source, '.ts')}.mjs`);
}

const folderOf = (source) =>
  join(root, 'dist/node', relative(join(root, 'src'), dirname(source)).replaceAll('/', '-'), basename(source, '.ts'));
