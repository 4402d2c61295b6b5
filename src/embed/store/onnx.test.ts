import { openAsBlob } from 'node:fs';
import { expect, test } from 'vitest';
import { onnxBytes } from './models.fixture.ts';
import { OnnxFault, readOnnx } from './onnx.ts';

const FILE = 'public/models/use-lite/onnx/model_quantized.onnx';

test('a real model file is read without its weights', async () => {
  const file = await openAsBlob(FILE);
  let read = 0;
  const counted = {
    size: file.size,
    slice: (start: number, end: number) => {
      read += end - start;
      return file.slice(start, end);
    },
  };
  expect(await readOnnx(counted)).toEqual({
    inputs: ['input_ids', 'attention_mask'],
    outputs: ['sentence_embedding'],
    dataFiles: [],
  });
  expect(read).toBeLessThan(file.size / 2);
});

test('a real model file that was cut off anywhere is found out', async () => {
  const file = await openAsBlob(FILE);
  for (const share of [0.001, 0.3, 0.9999]) {
    await expect(readOnnx(file.slice(0, Math.floor(file.size * share)))).rejects.toThrow(/cut off/);
  }
  await expect(readOnnx(file.slice(0, file.size - 1))).rejects.toThrow(OnnxFault);
});

test('a file is refused at every length but its own', async () => {
  const bytes = onnxBytes();
  for (let length = 0; length < bytes.length; length++) {
    await expect(readOnnx(new Blob([bytes.slice(0, length)])), `${length} bytes`).rejects.toThrow(OnnxFault);
  }
  await expect(readOnnx(new Blob([bytes]))).resolves.toBeDefined();
});

test('what is no ONNX model is refused', async () => {
  for (const text of ['hello, this is a text', '\u0000\u0000\u0000', '{"a": 1}', '\u000f\u000f\u000f\u000f']) {
    await expect(readOnnx(new Blob([text])), text).rejects.toThrow(OnnxFault);
  }
});

test('the file that holds the weights is named', async () => {
  const { dataFiles } = await readOnnx(new Blob([onnxBytes({ dataFile: 'model.onnx_data' })]));
  expect(dataFiles).toEqual(['model.onnx_data']);
});

test('names and lengths beyond one read are followed', async () => {
  const weights = new Uint8Array(300_000).fill(0xff);
  const inputs = Array.from({ length: 5000 }, (_, i) => `past_key_values.${i}.key`);
  const graph = await readOnnx(new Blob([onnxBytes({ inputs, weights })]));
  expect(graph.inputs).toEqual(inputs);
});
