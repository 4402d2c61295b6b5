/**
 * Runs a TypeScript entry in Node: `node src/build/run.mjs src/cli/main.ts [arguments]`.
 * The entry is bundled first (a Vite SSR build into dist/node), because Node cannot import .ts and .wgsl files.
 */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleForNode } from './bundle.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) throw new Error('usage: node src/build/run.mjs ENTRY.ts [arguments]');
const file = await bundleForNode(entry);
process.argv = [process.argv[0], basename(file), ...args];
await import(pathToFileURL(file).href);
