/**
 * `npm run bench:bundle`: dist/bench-bundle and dist/bench-bundle.tar.xz, which run the benchmark on WebGPU on a bare Linux
 * (x86-64) with a Vulkan driver: the bundled program, Dawn, a Node, and a script that starts them.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { assemblyScript } from '../assemblyscript.mjs';

const MOST_BYTES = 40e6;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = join(root, 'dist/bench-bundle');
const archive = `${folder}.tar.xz`;

if (process.platform !== 'linux' || process.arch !== 'x64') {
  throw new Error(
    `The bundle takes the running Node along and is for Linux on x64; this is ${process.platform} on ${process.arch}.`,
  );
}
rmSync(folder, { recursive: true, force: true });
await buildProgram();
copyDawn();
copyNode();
cpSync(join(root, 'src/build/bench/peers.py'), join(folder, 'peers.py'));
writeFileSync(join(folder, 'README.txt'), readme());
writeFileSync(join(folder, 'run.sh'), script());
chmodSync(join(folder, 'run.sh'), 0o755);
pack();

/** One program; what it asks for only elsewhere (Chromium, JavaScript peers) stays outside and is not taken along. */
async function buildProgram() {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [assemblyScript()],
    ssr: { noExternal: true, external: ['webgpu', 'vite', '@playwright/test', ...peers()] },
    build: {
      ssr: join(root, 'src/cli/bench/main.ts'),
      outDir: folder,
      target: 'node20',
      minify: true,
      rolldownOptions: {
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
        checks: { pluginTimings: false },
      },
    },
  });
}

function peers() {
  const js = ['ml-kmeans', 'skmeans', 'density-clustering', 'hdbscan-ts', 'hdbscanjs', 'ml-hclust', '@saehrimnir/druidjs'];
  return [...js, '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];
}

function copyDawn() {
  const [from, to] = [join(root, 'node_modules/webgpu'), join(folder, 'node_modules/webgpu')];
  for (const part of ['package.json', 'index.js', 'LICENSE.md', 'dist/linux-x64'])
    cpSync(join(from, part), join(to, part), { recursive: true });
}

/** Without its symbols, where there is a `strip`: they are a tenth of it. */
function copyNode() {
  const to = join(folder, 'node');
  cpSync(process.execPath, to, { dereference: true });
  try {
    execFileSync('strip', [to], { stdio: 'ignore' });
  } catch {
    console.log('no `strip` here: Node goes along with its symbols');
  }
}

function readme() {
  return [
    'Benchmark of Murmuration on WebGPU, for a Linux (x86-64) with a Vulkan driver and its loader (libvulkan.so.1).',
    '',
    './run.sh                 kernels and the large cases, on the graphics adapter; results in results-*.json',
    './run.sh gpu --peers python --threads all   the same, beside scikit-learn on all cores where python3 has it',
    './run.sh gpu --device cpu                   on the processor',
    './run.sh --help          all options',
    '',
    'Node (MIT and others), Dawn (BSD-3-Clause; node_modules/webgpu/LICENSE.md) and Murmuration (Apache-2.0).',
    '',
  ].join('\n');
}

/** Without words both groups run, and scikit-learn with all threads where it is installed. */
function script() {
  return `#!/bin/sh
set -e
cd "$(dirname "$0")"
if [ $# -gt 0 ]; then
  what="$1"; shift
  exec ./node main.mjs "$what" --device webgpu "$@"
fi
./node main.mjs gpu --device webgpu --peers python --threads all --json results-gpu.json
./node main.mjs all --device webgpu --json results-all.json
`;
}

/** @throws where the archive is too large to be handed around */
function pack() {
  mkdirSync(dirname(archive), { recursive: true });
  execFileSync('tar', ['-C', dirname(folder), '-cf', archive, '--use-compress-program=xz -9 -T2', 'bench-bundle'], {
    stdio: 'inherit',
  });
  const { size } = statSync(archive);
  const told = `${(size / 1e6).toFixed(1)} MB of ${MOST_BYTES / 1e6} MB`;
  if (size > MOST_BYTES) {
    rmSync(archive);
    throw new Error(`The bundle has ${told} compressed: too much. Is this Node built with debug symbols?`);
  }
  console.log(`dist/bench-bundle and dist/bench-bundle.tar.xz: ${told}`);
}
