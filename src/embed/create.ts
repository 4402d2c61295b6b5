import {
  DEFAULT_SETTINGS,
  inputError,
  type ModelWish,
  NO_LANGUAGES,
  type TextEmbedder,
  type TextLanguages,
  type WordSettings,
} from '../domain/index.ts';
import { adviseModel } from './advice.ts';
import type { OpenVectorCache } from './cache/index.ts';
import { type Adapter, type Choices, listChoices, listSpreads, NO_ADAPTER, probeAdapter } from './choices.ts';
import { assembleEmbedder } from './embedder.ts';
import { createEncode } from './encode.ts';
import { CHECK_SENTENCES, GOLDEN, type Reference } from './gate.ts';
import { embedderKeeper } from './keep.ts';
import { createLexicalEmbedder, LEXICAL_CARD } from './lexical/index.ts';
import { BUILT_IN_ID } from './registry.ts';
import { localRunner, type Runner } from './runner.ts';
import { isNode, loadTransformers, type RuntimeOptions, runtimeVersion } from './runtime.ts';
import type { Choice } from './session.ts';
import { type Bench, settle } from './settle.ts';
import { createNodeShelf, type ModelShelf } from './shelf.ts';
import { hashOf, type ModelSource } from './source.ts';
import { openTokens, type Tokens } from './tokenizer.ts';
import { memoryVerdicts, type VerdictStore } from './verdicts.ts';

export interface EmbedderOptions {
  readonly wish: ModelWish;
  /** They decide where the model is 'auto'. */
  readonly languages: TextLanguages;
  /** How the lexical model cuts texts into words. */
  readonly words: WordSettings;
  readonly shelf: ModelShelf;
  /** URL of the folder with onnxruntime's wasm files; ends with '/'. */
  readonly wasmBase: string;
  /** A runner in a thread of its own; without it all work is done in this one. */
  readonly spawnRunner?: () => Runner;
  /** Copies of the model on WASM; by default a trial decides. */
  readonly workers?: number;
  /** Whether a trial decides where there are several choices; else the first that will do is taken. */
  readonly trial?: boolean;
  readonly store?: VerdictStore;
  /** By default nothing is kept. */
  readonly openCache?: OpenVectorCache;
  /** For tests: takes a WebGPU adapter that is emulated, which is never chosen for a user. */
  readonly allowSoftwareGpu?: boolean;
}

/**
 * Tokens in a batch, so that a worker hears a cancel in time: 35 to 50 ms on one WASM thread of a busy 2-core machine.
 * Twice as much is no faster and came to 130 ms there; half of it costs up to 5 % of the speed. A graphics card wants more at once, and one that is
 * emulated for a test less.
 */
const WASM_TOKENS = 256;
const GPU_TOKENS = { hardware: 2048, software: 64, none: 0 } as const satisfies Record<Adapter['kind'], number>;

/** A WebGPU driver may never answer. Loading a large model, and the golden check on an emulated adapter, take many seconds. */
const MOST_WAIT_MS = 60_000;

/**
 * The model that is wished for behind the {@link TextEmbedder} of the domain. The first time on a machine it is tried out for some two seconds, and
 * passes the golden gate.
 * @throws AppError input if the model or dtype that was asked for is not here; ability if it cannot run here
 */
export const createEmbedder = (options: EmbedderOptions): Promise<TextEmbedder> => keepEmbedder()(options);

/** {@link createEmbedder} that keeps the last embedder for as long as the same will do; see {@link embedderKeeper}. */
export function keepEmbedder(): (options: EmbedderOptions) => Promise<TextEmbedder> {
  const keep = embedderKeeper();
  return async (options) => {
    const { wish, shelf, languages, words } = options;
    const advice = wish.model === 'auto' ? adviseModel(languages, await shelf.list()) : null;
    const id = advice?.id ?? wish.model;
    const isLexical = id === LEXICAL_CARD.id;
    const key = JSON.stringify(isLexical ? [id, words, languages] : [id, wish.dtype, wish.device]);
    const embedder = await keep(key, async () => (isLexical ? createLexicalEmbedder(words, languages) : openModel(id, options)));
    return { ...embedder, describe: async () => ({ ...(await embedder.describe()), advice }) };
  };
}

async function openModel(id: string, options: EmbedderOptions): Promise<TextEmbedder> {
  const { wish, shelf } = options;
  const source = await findSource(shelf, id);
  if (wish.dtype !== 'auto' && !source.dtypes.includes(wish.dtype)) throw missingDtype(source, wish.dtype);
  // Asked for below, where a failure is told; begun while the tokenizer loads.
  for (const dtype of source.dtypes) source.sha256(dtype).catch(() => {});
  const runtime: RuntimeOptions = { device: 'wasm', wasmBase: options.wasmBase, threads: 1 };
  const tokens = await openTokens(source, runtime);
  const adapter = wish.device === 'wasm' || isNode() ? NO_ADAPTER : await probeAdapter();
  const choices = listChoices(wish, source.dtypes, adapter, options.allowSoftwareGpu ?? false);
  const version = runtimeVersion(await loadTransformers(runtime));
  const { card } = source;
  const { pooling, prefix, maxTokens } = card;
  const tokenizer = await hashOf(source.open, 'tokenizer.json');
  const bench = benchOf(options, source, tokens, choices, [adapter.name, version, pooling, tokenizer]);
  const gpuTokens = GPU_TOKENS[adapter.kind];
  const tokenBudget = ({ device }: Choice): number => (device === 'webgpu' ? gpuTokens : WASM_TOKENS);
  return assembleEmbedder({
    card,
    encode: { text: createEncode(tokens, card, prefix.text), query: createEncode(tokens, card, prefix.query) },
    settle: (broken, notes) => settle(bench, broken, notes, tokenBudget),
    tokenBudget,
    openCache: options.openCache ?? noCache,
    recipe: JSON.stringify([gpuTokens, pooling, prefix.text, maxTokens, version, tokenizer]),
    notes: choices.notes,
  });
}

async function findSource(shelf: ModelShelf, id: string): Promise<ModelSource> {
  const source = await shelf.open(id);
  if (source) return source;
  throw inputError(
    'model-not-here',
    `The model "${id}" was asked for, and it is not here.`,
    'Add it under "Model", or choose one that is here.',
  );
}

const missingDtype = ({ card, dtypes }: ModelSource, asked: string): Error =>
  inputError(
    'model-dtype',
    `${card.name} was asked for as ${asked}; it is here as ${dtypes.join(', ')}.`,
    'Choose one of these, or "auto".',
  );

function benchOf(
  options: EmbedderOptions,
  source: ModelSource,
  tokens: Tokens,
  choices: Choices,
  /** What verdicts hang on beside the model's files. */
  place: readonly string[],
): Bench {
  const { shelf, wasmBase, spawnRunner, workers } = options;
  const { card, dtypes, sha256 } = source;
  const local = (): Runner => localRunner(shelf.open, { wasmBase });
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
  const isolated = globalThis.crossOriginIsolated ?? false;
  const most = spawnRunner ? cores : 1;
  const encode = createEncode(tokens, card, card.prefix.text);
  const isBuiltIn = card.id === BUILT_IN_ID;
  return {
    model: { id: card.id, name: card.name, copy: source.copy },
    dtypes,
    choices,
    spreads: (dtype) => listSpreads(most, card.bytes[dtype] ?? 0, isolated),
    workers: workers ?? null,
    spawn: spawnRunner ?? local,
    local: spawnRunner ? local : null,
    published: isBuiltIn ? PUBLISHED : null,
    sentences: isBuiltIn
      ? GOLDEN.map(({ ids }) => ids)
      : CHECK_SENTENCES.map((text) => encode(text).ids).filter((ids) => ids.length > 0),
    sha256,
    store: options.store ?? memoryVerdicts(),
    place: [...place, `${cores} cores`, isolated ? 'isolated' : 'not isolated'],
    trial: options.trial ?? !isNode(),
    mostWaitMs: MOST_WAIT_MS,
    now: () => performance.now(),
  };
}

const PUBLISHED: Reference = { what: 'the published vectors', items: GOLDEN };

const noCache: OpenVectorCache = async ({ dims }) => ({
  lookUp: async (texts) => ({
    rows: new Int32Array(texts.length).fill(-1),
    vectors: { rows: 0, cols: dims, data: new Float32Array(0) },
    cut: new Uint8Array(0),
  }),
  keep: async () => {},
  close: async () => {},
  notes: [],
});

export interface NodeEmbedderOptions extends Partial<Omit<EmbedderOptions, 'shelf' | 'wasmBase'>> {
  /** Of the repository, an absolute path. */
  readonly root: string;
  /** Models beside the built-in one. */
  readonly models?: readonly ModelSource[];
}

/** The same in Node, with the same bits as the page on WASM: by default the built-in model, in this thread, and no trial. */
export function createNodeEmbedder({ root, models, ...options }: NodeEmbedderOptions): Promise<TextEmbedder> {
  return createEmbedder({
    wish: DEFAULT_SETTINGS.embedding,
    languages: NO_LANGUAGES,
    words: DEFAULT_SETTINGS.words,
    shelf: createNodeShelf(root, models),
    wasmBase: nodeWasmBase(root),
    ...options,
  });
}

/** Where onnxruntime's wasm files lie for Node. */
export function nodeWasmBase(root: string): string {
  // Not an import: a browser bundle must not see node:url.
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  return new URL('node_modules/onnxruntime-web/dist/', pathToFileURL(`${root}/`)).href;
}

/** A runner for another thread of Node, which runs the models that {@link createNodeEmbedder} has there. */
export function createNodeRunner(root: string, models: () => Promise<readonly ModelSource[]>): Runner {
  const open = async (id: string) => createNodeShelf(root, await models()).open(id);
  return localRunner(open, { wasmBase: nodeWasmBase(root) });
}
