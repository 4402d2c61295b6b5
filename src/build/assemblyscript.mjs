import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
/** `import bytes from './kernels.as.ts?wasm'`, or `?wasm-shared` for a memory that threads share. */
const IMPORT = /\.as\.ts\?wasm(?:-shared)?$/;
const MODULE = /\?wasm(-shared)?\.js$/;

/**
 * Vite plugin: compiles an AssemblyScript file where it is imported as `?wasm`, and gives the importer the module's bytes.
 * They are embedded as base64, a few KB, so that the page, its workers, Vitest and Node all get them the same way, with no
 * request and no path to find. Plain JavaScript, since bundle.mjs needs it before anything is bundled.
 * @returns {import('vite').Plugin}
 */
export function assemblyScript() {
  return {
    name: 'murmuration:assemblyscript',
    enforce: 'pre',
    resolveId: {
      filter: { id: IMPORT },
      // As a .js module: by its own name Vite would take it for TypeScript of ours.
      handler: (source, importer) => (importer ? `${resolve(dirname(importer.replace(/\?.*$/, '')), source)}.js` : null),
    },
    load: {
      filter: { id: /\.as\.ts\?wasm(?:-shared)?\.js$/ },
      async handler(id) {
        const entry = id.replace(MODULE, '');
        const sources = await sourcesBeside(entry);
        for (const { path } of sources) this.addWatchFile(path);
        const options = MODULE.exec(id)?.[1] ? [...OPTIONS, ...SHARED] : OPTIONS;
        return moduleText(await compileOnce(entry, sources, options));
      },
    },
  };
}

const OPTIONS = [
  ...['-O3', '--converge', '--noAssert', '--runtime', 'stub'],
  ...['--enable', 'simd', '--enable', 'threads', '--importMemory', '--noExportMemory', '--use', 'abort='],
];
/** A module takes either a memory of its own or a shared one; the latter must say how large it gets at most, in pages. */
const SHARED = ['--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];

/** All AssemblyScript files of the entry's folder: what it may be made of. */
async function sourcesBeside(entry) {
  const folder = dirname(entry);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.as.ts')).sort();
  return await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), text: await readFile(join(folder, name), 'utf8') })),
  );
}

/** The compiler takes seconds, and every start of the command line would: so what it made is kept, by the hash of what from. */
async function compileOnce(entry, sources, options) {
  const version = await readFile(join(root, 'node_modules/assemblyscript/package.json'), 'utf8');
  const made = JSON.stringify([basename(entry), options, version, sources.map(({ path, text }) => [basename(path), text])]);
  const kept = join(root, 'node_modules/.cache/assemblyscript', `${createHash('sha256').update(made).digest('hex')}.wasm`);
  const found = await readFile(kept).catch(() => null);
  if (found) return found;
  const bytes = await compile(entry, sources, options);
  await mkdir(dirname(kept), { recursive: true });
  // Written aside and moved, since two builds may do this at once.
  await writeFile(`${kept}.${process.pid}`, bytes);
  await rename(`${kept}.${process.pid}`, kept);
  return bytes;
}

/** Throws with the compiler's own words. */
async function compile(entry, sources, options) {
  const { default: asc } = await import('assemblyscript/asc');
  const texts = new Map(sources.map(({ path, text }) => [basename(path), text]));
  let bytes = null;
  const { error, stderr } = await asc.main([basename(entry), ...options, '--outFile', 'out.wasm'], {
    readFile: (name) => texts.get(name) ?? null,
    writeFile: (name, contents) => {
      if (name === 'out.wasm') bytes = contents;
    },
    listFiles: () => [],
  });
  if (error || !bytes) throw new Error(`${entry} did not compile:\n${stderr.toString() || error}`);
  return bytes;
}

const moduleText = (bytes) =>
  `const text = atob(${JSON.stringify(Buffer.from(bytes).toString('base64'))});
const bytes = new Uint8Array(text.length);
for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
export default bytes;
`;
