import type { Dense, LayerNorm } from '../onnx/index.ts';
import { type BertLayer, type BertWeights, HEADS, WIDTH } from './weights.ts';

type Rows = number[][];

/** The same network by its definition, one text at a time, in float64: an oracle that shares no code with the graph. */
export function forward(weights: BertWeights, ids: readonly number[]): Rows {
  const embedded = ids.map((id, position) =>
    Array.from({ length: WIDTH }, (_, c) => {
      const [word, place, type] = [weights.words[id * WIDTH + c], weights.positions[position * WIDTH + c], weights.types[c]];
      return (word as number) + (place as number) + (type as number);
    }),
  );
  return weights.layers.reduce((x, layer) => transform(layer, x), normed(embedded, weights.embeddingNorm));
}

function transform(layer: BertLayer, x: Rows): Rows {
  const attended = normed(plus(dense(attention(dense(x, layer.queryKeyValue)), layer.attentionOutput), x), layer.attentionNorm);
  const expanded = dense(attended, layer.expand).map((row) => row.map((v) => 0.5 * v * (1 + erf(v / Math.SQRT2))));
  return normed(plus(dense(expanded, layer.contract), attended), layer.outputNorm);
}

function attention(qkv: Rows): Rows {
  const size = WIDTH / HEADS;
  const part = (row: readonly number[], which: number, head: number): number[] =>
    row.slice(which * WIDTH + head * size, which * WIDTH + (head + 1) * size);
  return qkv.map((row) =>
    Array.from({ length: HEADS }, (_, head) => {
      const raised = qkv.map((other) => Math.exp(dot(part(row, 0, head), part(other, 1, head)) / Math.sqrt(size)));
      const total = raised.reduce((a, b) => a + b, 0);
      const values = qkv.map((other) => part(other, 2, head));
      return Array.from(
        { length: size },
        (_, c) =>
          dot(
            raised,
            values.map((value) => value[c] as number),
          ) / total,
      );
    }).flat(),
  );
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);

const plus = (a: Rows, b: Rows): Rows => a.map((row, r) => row.map((v, c) => v + (b[r]?.[c] as number)));

const dense = (x: Rows, { outputs, weights, bias }: Dense): Rows =>
  x.map((row) => Array.from(bias, (b, out) => row.reduce((sum, v, i) => sum + v * (weights[i * outputs + out] as number), b)));

function normed(x: Rows, { scale, bias }: LayerNorm): Rows {
  return x.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / row.length;
    return row.map((v, c) => ((v - mean) / Math.sqrt(variance + 1e-12)) * (scale[c] as number) + (bias[c] as number));
  });
}

/** Maclaurin series (Abramowitz and Stegun 7.1.5); beyond 4 it is 1 to eight places. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
