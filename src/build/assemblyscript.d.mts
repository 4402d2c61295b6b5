import type { Plugin } from 'vite';

/** Compiles `*.as.ts?wasm` imports to bytes; see assemblyscript.mjs. */
export declare function assemblyScript(): Plugin;
