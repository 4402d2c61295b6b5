import { type AppError, inputError } from '../../domain/index.ts';
import { dtypeOf, isDataFile } from './names.ts';

/** A file that a model may be made of, before it is kept. */
export interface Member {
  /** Below the model's folder, with '/'. */
  readonly path: string;
  readonly size: number;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The file itself, where it can be read from anywhere; not in an archive and not on its way. */
  readonly file?: Blob;
}

export interface Folder {
  /** Of the folder, as it was dropped: `all-MiniLM-L6-v2`, `Xenova/bge-m3` out of the hub's own cache. */
  readonly name: string;
  /** What is kept of it. */
  readonly wanted: readonly Member[];
}

/** What is kept beside the ONNX files; the first three are needed. */
const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const;
const HELPFUL = [
  'special_tokens_map.json',
  'modules.json',
  'config_sentence_transformers.json',
  'sentence_bert_config.json',
  '1_Pooling/config.json',
  'README.md',
];

/**
 * The model's folder among files that were dropped: where the topmost config.json lies. An ONNX file beside config.json counts as one in `onnx/`.
 * Looks at names only.
 * @param dropped what was dropped, for its name where the files have no folder
 * @throws AppError input that says which file is missing and what was found in its place
 */
export function modelFolder(members: readonly Member[], dropped: string): Folder {
  const files = members
    .map((member) => ({ ...member, path: member.path.replaceAll('\\', '/').replace(/^\/+/, '') }))
    .filter(({ path }) => !/(^|\/)(__MACOSX\/|\.DS_Store$|\._)/.test(path));
  const root = rootOf(files.map(({ path }) => path));
  const inside = files
    .filter(({ path }) => path.startsWith(root))
    .map((file) => ({ ...file, path: inPlace(file.path.slice(root.length)) }));
  const name = nameOf(root, dropped);
  const wanted = inside.filter(({ path }) => isWanted(path));
  const missing = missingFile(
    inside.map(({ path }) => path),
    name,
  );
  if (missing) throw missing;
  return { name, wanted };
}

const isWanted = (path: string): boolean => [...NEEDED, ...HELPFUL].includes(path) || dtypeOf(path) !== null || isDataFile(path);

/** Exporters put the model beside its config; transformers.js looks for it in `onnx/`. */
const inPlace = (path: string): string => (/^model[^/]*\.onnx(_data.*|\.data)?$/.test(path) ? `onnx/${path}` : path);

const SUBFOLDER = /^(onnx|openvino|\d+_[A-Za-z]+)$/;

function rootOf(paths: readonly string[]): string {
  const roots = paths
    .filter((path) => /(^|\/)config\.json$/.test(path))
    .map((path) => path.slice(0, -'config.json'.length))
    .filter((root) => !SUBFOLDER.test(root.split('/').at(-2) ?? ''));
  const depth = Math.min(...roots.map(depthOf));
  const top = roots.filter((root) => depthOf(root) === depth);
  if (top.length > 1) {
    throw inputError('several-models', `These are several models: ${top.join(', ')}.`, 'Drop the folder of one model at a time.');
  }
  return top[0] ?? commonFolder(paths);
}

const depthOf = (root: string): number => root.split('/').length;

function commonFolder(paths: readonly string[]): string {
  const first = paths[0]?.split('/')[0];
  return first !== undefined && paths.every((path) => path.startsWith(`${first}/`)) ? `${first}/` : '';
}

/** `models--Xenova--bge-m3/snapshots/...` is how the hub's own cache names its folders. */
function nameOf(root: string, dropped: string): string {
  const parts = root.split('/').filter((part) => part !== '');
  const cached = parts.map((part) => /^models--(.+?)--(.+)$/.exec(part)).find((found) => found !== null);
  if (cached) return `${cached[1]}/${cached[2]}`;
  return parts.at(-1) ?? dropped.replace(/\.zip$/i, '');
}

/** What keeps these files from being a model; null where nothing does. */
function missingFile(paths: readonly string[], name: string): AppError | null {
  const has = (path: string): boolean => paths.includes(path);
  if (!has('config.json')) return lacks(name, 'config.json', paths, WHOLE_FOLDER);
  const onnx = paths.filter((path) => path.endsWith('.onnx'));
  if (onnx.length === 0) return noOnnx(name, paths);
  if (!onnx.some((path) => dtypeOf(path) !== null)) return otherOnnx(name, onnx);
  const absent = NEEDED.find((path) => !has(path));
  if (absent === undefined) return null;
  const slow = paths.find((path) => /^(vocab\.(txt|json)|.*\.model)$/.test(path));
  return lacks(name, absent, paths, slow === undefined ? WHOLE_FOLDER : FAST_TOKENIZER);
}

const WHOLE_FOLDER =
  'Drop the whole folder of a model for transformers.js: config.json, tokenizer.json, tokenizer_config.json and onnx/.';
const FAST_TOKENIZER =
  'Make it in Python: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER), with the package transformers.';

const lacks = (name: string, path: string, paths: readonly string[], hint: string): AppError =>
  inputError('model-incomplete', `${name} is no model that can be loaded: ${path} is missing. ${found(paths)}`, hint);

const found = (paths: readonly string[]): string =>
  paths.length === 0
    ? 'The folder is empty.'
    : `There ${paths.length === 1 ? 'is' : 'are'} ${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}.`;

const OTHER_WEIGHTS = /\.(safetensors|bin|pt|pth|h5|msgpack|gguf|ot|tflite)$/;

function noOnnx(name: string, paths: readonly string[]): AppError {
  const weights = paths.find((path) => OTHER_WEIGHTS.test(path));
  if (weights === undefined) return lacks(name, 'onnx/model.onnx', paths, WHOLE_FOLDER);
  return inputError(
    'model-not-onnx',
    `${name} holds its weights as ${weights}, which can’t be run here: onnx/model.onnx is needed.`,
    'Convert it in Python: optimum-cli export onnx --model FOLDER --task feature-extraction OUT (package optimum[onnxruntime]); then drop OUT.',
  );
}

function otherOnnx(name: string, onnx: readonly string[]): AppError {
  if (onnx.some((path) => /decoder/.test(path))) return generative(name, onnx.find((path) => /decoder/.test(path)) ?? '');
  return inputError(
    'model-dtype',
    `${name} has no ONNX file that is run here: found ${onnx.join(', ')}.`,
    'Needed is onnx/model.onnx, model_fp16.onnx, model_quantized.onnx, model_int8.onnx or model_q4.onnx.',
  );
}

export const generative = (name: string, because: string): AppError =>
  inputError(
    'model-generative',
    `${name} writes text and gives no vectors of texts (${because}).`,
    'Choose a model for sentence similarity or feature extraction, such as multilingual-e5-small.',
  );
