import { DTYPES, type Dtype, inputError, type JobContext, type ModelCard } from '../../domain/index.ts';
import { modelFile } from '../source.ts';
import { generative } from './folder.ts';
import { type About, aboutOf } from './front-matter.ts';
import { dataOwner, dtypeOf } from './names.ts';
import { OnnxFault, type OnnxGraph, readOnnx } from './onnx.ts';

/** What a folder with the needed files turned out to be. */
export interface CheckedModel {
  readonly card: ModelCard;
  readonly dtypes: readonly Dtype[];
  /** What its files left open and how it was taken. */
  readonly notes: readonly string[];
}

type Files = ReadonlyMap<string, Blob>;
type Json = Readonly<Record<string, unknown>>;

/**
 * Looks into every file of a model's folder. Weights are not read, only the lengths that they are told to have.
 * @param name of the folder, which becomes the id
 * @throws AppError input that names the file, what was found and what is needed
 */
export async function checkModel(name: string, files: Files, ctx: JobContext): Promise<CheckedModel> {
  const json = (path: string): Promise<Json | null> => readJson(name, path, files.get(path));
  const config = (await json('config.json')) ?? {};
  checkConfig(name, config);
  const tokenizerConfig = (await json('tokenizer_config.json')) ?? {};
  checkTokenizer(name, (await json('tokenizer.json')) ?? {});
  const sentence = (await json('sentence_bert_config.json')) ?? {};
  const prompts = (await json('config_sentence_transformers.json')) ?? {};
  const modules = await listOf(name, files.get('modules.json'));
  const dtypes = DTYPES.filter((dtype) => files.has(modelFile(dtype)));
  const graphs = await checkGraphs(name, dtypes, files, ctx);
  const about = aboutOf(await textOf(files.get('README.md')));
  const pooling = poolingOf(name, graphs, await json('1_Pooling/config.json'), modules);
  const card: ModelCard = {
    id: name,
    name,
    kind: 'semantic',
    languages: about.languages,
    dims: pooling.kind === 'output' ? null : numberOf(config, 'hidden_size', 'd_model', 'dim'),
    licence: about.licence,
    bytes: bytesOf(files),
    pooling: pooling.kind,
    prefix: prefixOf(prompts),
    maxTokens: maxTokensOf(config, tokenizerConfig, sentence),
  };
  return { card, dtypes, notes: notesOf(pooling.told, about) };
}

async function readJson(name: string, path: string, file: Blob | undefined): Promise<Json | null> {
  if (file === undefined) return null;
  const value = parse(name, path, await file.text());
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw unreadable(name, path, 'it holds no JSON object');
}

async function listOf(name: string, file: Blob | undefined): Promise<readonly Json[]> {
  if (file === undefined) return [];
  const value = parse(name, 'modules.json', await file.text());
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
}

function parse(name: string, path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(
      name,
      path,
      standIn(text) ?? (text === '' ? 'it is empty' : 'it is no JSON, or only the beginning of it'),
      cause,
    );
  }
}

const textOf = async (file: Blob | undefined): Promise<string> => (await file?.text()) ?? '';

/** What a download may bring in place of a file; null for anything else. */
function standIn(head: string): string | null {
  if (head.startsWith('version https://git-lfs')) return 'it is only the Git LFS pointer to the file';
  if (/^\s*<(!doctype|html|\?xml)/i.test(head)) return 'it is a web page';
  return null;
}

const unreadable = (name: string, path: string, found: string, cause?: unknown) =>
  inputError(
    'model-file',
    `${name}/${path} can’t be used: ${found}.`,
    'Download the file again, in full (with Git: git lfs pull), and drop the folder again.',
    cause,
  );

const GENERATIVE = /(ForCausalLM|ForConditionalGeneration|LMHeadModel|Seq2SeqLM)$/;

function checkConfig(name: string, config: Json): void {
  if (typeof config.model_type !== 'string')
    throw unreadable(name, 'config.json', 'it does not say which kind of model this is (model_type)');
  const architectures: readonly unknown[] = Array.isArray(config.architectures) ? config.architectures : [];
  const writes = architectures.find((kind): kind is string => typeof kind === 'string' && GENERATIVE.test(kind));
  if (writes !== undefined) throw generative(name, `config.json: ${writes}`);
  if (config.is_encoder_decoder === true) throw generative(name, 'config.json: is_encoder_decoder');
}

function checkTokenizer(name: string, tokenizer: Json): void {
  const model = tokenizer.model as Json | null | undefined;
  if (typeof model !== 'object' || model === null || (model.vocab === undefined && model.type === undefined)) {
    throw unreadable(name, 'tokenizer.json', 'it holds no tokenizer (no "model" with a vocabulary)');
  }
}

/** Of one file of each dtype; all must agree on what they give. */
async function checkGraphs(name: string, dtypes: readonly Dtype[], files: Files, ctx: JobContext): Promise<OnnxGraph[]> {
  const graphs: OnnxGraph[] = [];
  for (const dtype of dtypes) {
    await ctx.checkpoint();
    const path = modelFile(dtype);
    const graph = await graphOf(name, path, files.get(path) ?? new Blob());
    checkGraph(name, path, graph);
    for (const data of graph.dataFiles) checkData(name, path, data, files);
    graphs.push(graph);
  }
  return graphs;
}

async function graphOf(name: string, path: string, file: Blob): Promise<OnnxGraph> {
  if (file.size === 0) throw unreadable(name, path, 'it is empty');
  const told = standIn(await file.slice(0, 256).text());
  if (told !== null) throw unreadable(name, path, told);
  return readOnnx(file).catch((cause) => {
    throw cause instanceof OnnxFault ? unreadable(name, path, `it ${cause.message}`, cause) : cause;
  });
}

const VECTORS = ['sentence_embedding', 'last_hidden_state', 'token_embeddings'];

function checkGraph(name: string, path: string, { inputs, outputs }: OnnxGraph): void {
  const past = inputs.find((input) => input.startsWith('past_key_values'));
  if (past !== undefined) throw generative(name, `${path} wants ${past}`);
  if (!inputs.includes('input_ids')) {
    throw inputError(
      'model-not-text',
      `${name}/${path} is no model of texts: it wants ${list(inputs)}, and not input_ids.`,
      'Choose a model for sentence similarity or feature extraction.',
    );
  }
  if (outputs.some((output) => VECTORS.includes(output))) return;
  throw inputError(
    'model-no-vectors',
    `${name}/${path} gives ${list(outputs)}, and no vectors: ${VECTORS.join(', or ')} is needed.`,
    'Export it again for feature extraction: optimum-cli export onnx --model FOLDER --task feature-extraction OUT.',
  );
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.slice(0, 5).join(', '));

function checkData(name: string, path: string, data: string, files: Files): void {
  const file = files.get(`onnx/${data}`);
  if (file === undefined || dataOwner(`onnx/${data}`) === null) {
    throw inputError(
      'model-incomplete',
      `${name}/${path} has its weights in another file, onnx/${data}, which is ${file === undefined ? 'missing' : 'not named after it'}.`,
      'Drop it along with the model, under the name that it was exported with: model.onnx_data beside model.onnx.',
    );
  }
}

type Pooling = { readonly kind: ModelCard['pooling']; readonly told: boolean };

/** How the vectors of tokens become one, by sentence-transformers' own files; the mean where nothing says. */
function poolingOf(name: string, graphs: readonly OnnxGraph[], pooling: Json | null, modules: readonly Json[]): Pooling {
  if (graphs.every(({ outputs }) => outputs.includes('sentence_embedding'))) return { kind: 'output', told: true };
  const further = modules.map(({ type }) => String(type)).find((type) => !/\.(Transformer|Pooling|Normalize)$/.test(type));
  if (further !== undefined) {
    throw inputError(
      'model-layers',
      `${name} goes on after its ONNX file with ${further.split('.').at(-1)} (modules.json), which is not in that file.`,
      'Export the whole of it: optimum-cli export onnx --library sentence_transformers --model FOLDER OUT, which gives sentence_embedding.',
    );
  }
  if (pooling === null) return { kind: 'mean', told: false };
  const modes = Object.keys(pooling).filter((key) => key.startsWith('pooling_mode_') && pooling[key] === true);
  const only = modes.length === 1 ? modes[0] : undefined;
  if (only === 'pooling_mode_mean_tokens' || pooling.pooling_mode === 'mean') return { kind: 'mean', told: true };
  if (only === 'pooling_mode_cls_token' || pooling.pooling_mode === 'cls') return { kind: 'cls', told: true };
  throw inputError(
    'model-pooling',
    `${name} joins the vectors of its tokens in a way that is not known here (1_Pooling/config.json: ${modes.join(', ') || 'none'}).`,
    'Known are the mean of all and the first one (cls). Export it with its pooling, so that it gives sentence_embedding.',
  );
}

function bytesOf(files: Files): ModelCard['bytes'] {
  const bytes: Partial<Record<Dtype, number>> = {};
  for (const [path, { size }] of files) {
    const dtype = dtypeOf(path) ?? dataOwner(path);
    if (dtype !== null) bytes[dtype] = (bytes[dtype] ?? 0) + size;
  }
  return bytes;
}

/** sentence-transformers' prompts; older models use `passage`, newer ones `document`. */
function prefixOf({ prompts, default_prompt_name }: Json): ModelCard['prefix'] {
  const known = (typeof prompts === 'object' && prompts !== null ? prompts : {}) as Json;
  const of = (...names: readonly unknown[]): string => {
    const found = names.map((name) => known[String(name)]).find((prompt) => typeof prompt === 'string');
    return typeof found === 'string' ? found : '';
  };
  return { text: of('document', 'passage', default_prompt_name), query: of('query', default_prompt_name) };
}

/** Models of the RoBERTa family count positions from 2 on. */
const OFFSET = /roberta|camembert|mpnet/;
/** What BERT was made for; where no file says more. */
const USUAL_TOKENS = 512;
/** A tokenizer without a limit names an astronomic one. */
const MOST_TOKENS = 1e6;

function maxTokensOf(config: Json, tokenizer: Json, sentence: Json): number {
  const positions = numberOf(config, 'max_position_embeddings', 'max_seq_len');
  const offset = OFFSET.test(String(config.model_type)) ? 2 : 0;
  const limits = [
    numberOf(sentence, 'max_seq_length'),
    numberOf(tokenizer, 'model_max_length'),
    positions === null ? null : positions - offset,
  ].filter((limit): limit is number => limit !== null && limit > 0 && limit < MOST_TOKENS);
  return limits.length === 0 ? USUAL_TOKENS : Math.min(...limits);
}

function numberOf(json: Json, ...keys: readonly string[]): number | null {
  const value = keys.map((key) => json[key]).find((found) => typeof found === 'number' && Number.isInteger(found) && found > 0);
  return typeof value === 'number' ? value : null;
}

const notesOf = (poolingTold: boolean, { languages }: About): string[] => [
  ...(poolingTold
    ? []
    : ['Its files do not say how the vectors of tokens become one (1_Pooling/config.json): their mean is taken.']),
  ...(languages === null ? ['Its files do not say which languages it knows.'] : []),
];
