/** `node src/build/bench/build-page.mjs SOURCE FOLDER`: builds the page whose index.html is in SOURCE, as the app is built. */
import { resolve } from 'node:path';
import { build } from 'vite';
import { assemblyScript } from '../assemblyscript.mjs';

const [source, folder] = process.argv.slice(2);
if (!source || !folder) throw new Error('usage: node src/build/bench/build-page.mjs SOURCE FOLDER');
await build({
  root: resolve(source),
  base: './',
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [assemblyScript()],
  build: {
    outDir: resolve(folder),
    emptyOutDir: true,
    target: 'es2023',
    // Code that only Node reaches asks for the package; the page never does.
    rolldownOptions: { external: ['webgpu'], checks: { pluginTimings: false } },
  },
});
