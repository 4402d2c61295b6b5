import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { assemblyScript } from './src/build/assemblyscript.mjs';
import { licences } from './src/build/licences.ts';
import { offline } from './src/build/offline.ts';
import { onnxRuntime } from './src/build/ort-assets.ts';
import { securityHeaders } from './src/build/security.ts';

/** DuckDB's Emscripten glue holds an `eval` for a feature that is off; the page's policy would stop it. */
const quiet = { checks: { eval: false, pluginTimings: false } };

const notices = licences('licences.txt');

export default defineConfig({
  // A missing file must be a 404 and not index.html: a model file that isn't there would else be parsed as HTML.
  appType: 'mpa',
  plugins: [
    react(),
    securityHeaders(),
    onnxRuntime(import.meta.dirname),
    assemblyScript(),
    notices.page,
    offline(import.meta.dirname),
  ],
  // Workers are bundled apart, with plugins of their own.
  worker: { format: 'es', plugins: () => [assemblyScript(), notices.workers()], rolldownOptions: quiet },
  // These load their own wasm and workers by URL; pre-bundling breaks the URLs.
  optimizeDeps: { exclude: ['@huggingface/transformers', 'onnxruntime-web', '@duckdb/duckdb-wasm'] },
  build: {
    outDir: resolve(import.meta.dirname, 'dist/web'),
    target: 'es2023',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: quiet,
  },
  test: {
    setupFiles: ['src/testing/setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: ['**/*.gpu.test.ts', '**/*.data.test.ts', '**/*.trust.test.ts'],
          globalSetup: ['src/build/test-setup.mjs'],
          testTimeout: 60_000,
        },
      },
      { extends: true, test: { name: 'gpu', include: ['src/**/*.gpu.test.ts'], testTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { name: 'trust', include: ['src/**/*.trust.test.ts'], testTimeout: 400_000 } },
      {
        extends: true,
        test: {
          name: 'data',
          include: ['src/**/*.data.test.ts'],
          globalSetup: ['src/build/test-setup.mjs'],
          testTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
  server: { host: 'localhost', port: 5173 },
  preview: { host: 'localhost', port: 4173 },
});
