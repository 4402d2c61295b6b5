import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

/**
 * Before the tests: bundles the command line once (0.4 s) and tells them its path, `inject('cli')`, and that of the engine's thread. Into a folder of its own,
 * which goes with the run: `npm run analyze` would empty the shared one under a test that is just starting it.
 */
export default async function setup(project) {
  const parent = join(import.meta.dirname, '../../dist/node');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'test-cli-'));
  project.provide('cli', await bundleForNode('src/cli/main.ts', folder));
  project.provide('thread', join(folder, 'kernels.thread.mjs'));
  return () => rm(folder, { recursive: true, force: true });
}
