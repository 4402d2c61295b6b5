import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ortAssetFiles } from './ort-assets.ts';

it('the runtime files to be served are there, a script and a binary each, and 50 MB at most', () => {
  const files = ortAssetFiles(resolve(import.meta.dirname, '../..'));
  const names = files.map(({ to }) => to);
  for (const name of names)
    expect(names).toContain(name.endsWith('.mjs') ? name.replace('.mjs', '.wasm') : name.replace('.wasm', '.mjs'));
  const bytes = files.reduce((sum, { from }) => sum + statSync(from).size, 0);
  expect(bytes).toBeGreaterThan(30e6);
  expect(bytes).toBeLessThan(50e6);
});
