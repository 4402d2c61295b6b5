/**
 * A process of its own that embeds rows as others would, for `peers.ts`: transformers.js is one library a process, and ours binds it to itself.
 * Plain JavaScript, so that Node runs it as it stands.
 *
 * - `plain`: the pipeline of transformers.js on every row, in batches of 32 in the order of the rows, padded to the longest.
 * - `bare`: onnxruntime-web on ids that were made before the clock starts, in batches of equal length, of the size that is fastest here.
 */
import { readFile } from 'node:fs/promises';

const BATCH_ROWS = 32;
/** Tokens of a batch that `bare` tries. */
const BUDGETS = [64, 128, 256, 512, 1024, 2048];
/** Texts that it tries them on. */
const TRIAL_ROWS = 400;
/** Rows whose vectors go back, to be compared. */
const SHOWN_ROWS = 200;

const answer = { open, embed };
let embedRows = async () => {
  throw new Error('nothing was opened');
};

process.on('message', async ({ what, ...task }) => {
  try {
    process.send({ value: await answer[what](task) });
  } catch (error) {
    process.send({ failed: error instanceof Error ? error.message : String(error) });
  }
});

async function open({ way, models, id, file, wasmBase, warm }) {
  const runtime = await import('onnxruntime-web');
  Object.assign(globalThis, { [Symbol.for('onnxruntime')]: runtime });
  const library = await import('@huggingface/transformers');
  Object.assign(library.env, { allowRemoteModels: false, localModelPath: models, logLevel: library.LogLevel.ERROR });
  Object.assign(runtime.env.wasm, { wasmPaths: wasmBase, numThreads: 1 });
  embedRows = way === 'plain' ? await plain(library, id) : await bare(library, runtime, models, id, file, warm);
  await embedRows(warm);
  return null;
}

async function embed({ rows }) {
  return embedRows(rows);
}

/** Seconds of `work`, and the vectors of the first rows by what it gives. */
async function timed(work) {
  const before = process.cpuUsage();
  const started = performance.now();
  const vectorOf = await work();
  const wall = (performance.now() - started) / 1e3;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6, vectorOf };
}

const shown = ({ wall, cpu, vectorOf }, rows) => ({
  ...{ wall, cpu },
  vectors: Array.from({ length: Math.min(SHOWN_ROWS, rows) }, (_, row) => Array.from(vectorOf(row))),
});

async function plain(library, id) {
  const extract = await library.pipeline('feature-extraction', id, {
    dtype: 'q8',
    device: 'auto',
    session_options: { executionProviders: ['wasm'] },
  });
  const { model } = extract;
  // This model gives the vector of the sentence itself; the pipeline looks for what it gives under another name.
  extract.model = async (inputs) => ({ last_hidden_state: (await model(inputs)).sentence_embedding });
  return async (rows) => {
    const run = await timed(async () => {
      const batches = [];
      for (let row = 0; row < rows.length; row += BATCH_ROWS) {
        const { data, dims } = await extract(rows.slice(row, row + BATCH_ROWS), { pooling: 'none', normalize: true });
        batches.push({ data, width: dims[1] });
      }
      return (row) => {
        const { data, width } = batches[Math.floor(row / BATCH_ROWS)];
        return data.slice((row % BATCH_ROWS) * width, ((row % BATCH_ROWS) + 1) * width);
      };
    });
    return shown(run, rows.length);
  };
}

async function bare(library, runtime, models, id, file, warm) {
  const tokenizer = await library.AutoTokenizer.from_pretrained(id);
  const session = await runtime.InferenceSession.create(await readFile(`${models}${id}/${file}`), {
    executionProviders: ['wasm'],
  });
  const idsOf = (rows) =>
    rows.map((row) => tokenizer(row, { return_tensor: false, truncation: true, add_special_tokens: false }).input_ids);
  const runAll = async (batches) => {
    const vectors = [];
    for (const { rows, feeds, length } of batches) {
      const { sentence_embedding } = await session.run({
        input_ids: new runtime.Tensor('int64', feeds, [rows.length, length]),
        attention_mask: new runtime.Tensor('int64', new BigInt64Array(feeds.length).fill(1n), [rows.length, length]),
      });
      const width = sentence_embedding.dims[1];
      rows.forEach((row, i) => {
        vectors[row] = sentence_embedding.data.subarray(i * width, (i + 1) * width);
      });
    }
    return (row) => vectors[row];
  };
  const trial = idsOf(warm.slice(0, TRIAL_ROWS));
  await runAll(batchesOf(trial, 256));
  const trials = [];
  for (const budget of BUDGETS) trials.push({ budget, ...(await timed(() => runAll(batchesOf(trial, budget)))) });
  const { budget } = trials.reduce((best, each) => (each.cpu < best.cpu ? each : best));
  return async (rows) => {
    const batches = batchesOf(idsOf(rows), budget);
    return { ...shown(await timed(() => runAll(batches)), rows.length), told: `batches of up to ${budget} tokens` };
  };
}

/** Rows of equal token count, shortest first; `feeds` are their ids. Texts without a token are left out. */
function batchesOf(ids, budget) {
  const byLength = new Map();
  for (const [row, { length }] of ids.entries()) {
    const rows = byLength.get(length) ?? [];
    rows.push(row);
    if (length > 0) byLength.set(length, rows);
  }
  return [...byLength]
    .sort(([a], [b]) => a - b)
    .flatMap(([length, rows]) => {
      const most = Math.max(1, Math.floor(budget / length));
      const parts = Array.from({ length: Math.ceil(rows.length / most) }, (_, i) => rows.slice(i * most, (i + 1) * most));
      const feedsOf = (part) =>
        BigInt64Array.from(
          part.flatMap((row) => ids[row]),
          BigInt,
        );
      return parts.map((part) => ({ rows: part, length, feeds: feedsOf(part) }));
    });
}
