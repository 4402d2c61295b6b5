import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Beside index.html: a service worker answers for what lies below it. */
export const OFFLINE_SCRIPT = 'offline.js';

/** All that the page may load of itself but for what is large and seldom used (the database of SQL); models and samples are kept once they are used. */
const isShell = (file: string): boolean => /\.(js|css|woff2)$/.test(file) && !file.includes('duckdb');

/** Vite plugin: the service worker (workers/offline.worker.ts) as one script with the list of what it keeps from the first visit on. */
export function offline(root: string): Plugin {
  return {
    name: 'murmuration:offline',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: resolve(root, 'workers/offline.worker.ts'), fileName: OFFLINE_SCRIPT });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const script = bundle[OFFLINE_SCRIPT];
        if (script?.type !== 'chunk' || script.imports.length > 0) throw new Error(`${OFFLINE_SCRIPT} must be one script`);
        const assets = Object.keys(bundle)
          .filter((file) => file !== OFFLINE_SCRIPT)
          .sort();
        const files = ['', 'icon.svg', ...assets.filter(isShell)];
        const html = bundle['index.html'];
        if (html?.type !== 'asset') throw new Error('index.html must be written before');
        // The names of the others hold a hash of what is in them.
        const version = createHash('sha256')
          .update(JSON.stringify([assets, script.code]))
          .update(html.source)
          .digest('hex')
          .slice(0, 16);
        script.code = `self.SHELL=${JSON.stringify({ files, assets, version })};\n${script.code}`;
      },
    },
  };
}
