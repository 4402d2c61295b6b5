import type { Dtype, ModelCard } from '../domain/index.ts';

/** Where the files of one model come from. Whatever is not in it does not exist: nothing is asked for elsewhere (promise P1). */
export interface ModelSource {
  readonly card: ModelCard;
  /** Which copy this is: another one may take its place under the same id while work goes on. Null where it stays. */
  readonly copy: string | null;
  /** Dtypes whose file is here, most precise first. */
  readonly dtypes: readonly Dtype[];
  /**
   * A file by its path below the model's folder ('tokenizer.json', 'onnx/model_quantized.onnx').
   * @returns undefined where there is no such file
   */
  open(path: string): Promise<Response | undefined>;
  /** Of the file with the weights of `dtype`, and of its data files where it has any; hex. */
  sha256(dtype: Dtype): Promise<string>;
}

/** The names that transformers.js has for the files of a dtype. */
const SUFFIX: Readonly<Record<Dtype, string>> = { fp32: '', fp16: '_fp16', q8: '_quantized', int8: '_int8', q4: '_q4' };

/** Path of the file with the weights: 'onnx/model_quantized.onnx' for q8. */
export const modelFile = (dtype: Dtype): string => `onnx/model${SUFFIX[dtype]}.onnx`;

/** A file of a model folder; undefined where there is none. */
export type OpenFile = ModelSource['open'];

/** The files of a folder that is served: `base` is a path or URL and ends with '/'. A server that has no such file must say 404. */
export const fetchFrom =
  (base: string): OpenFile =>
  async (path) => {
    const response = await fetch(base + path);
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${base}${path} could not be read: the server answered ${response.status}`);
    return response;
  };

/** The files of a folder on disk, in Node. */
export const readFrom =
  (folder: string): OpenFile =>
  async (path) => {
    // Not an import: a bundle for the browser must not see node:fs.
    const { readFile } = process.getBuiltinModule('node:fs/promises');
    const bytes = await readFile(`${folder}/${path}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return bytes && new Response(new Uint8Array(bytes));
  };

/** A source over files that can be opened by path; hashes are made when they are asked for. */
export function sourceOf(card: ModelCard, dtypes: readonly Dtype[], open: OpenFile): ModelSource {
  const hashes = new Map<Dtype, Promise<string>>();
  return {
    card,
    copy: null,
    dtypes,
    open,
    sha256(dtype) {
      const known = hashes.get(dtype) ?? hashOf(open, modelFile(dtype));
      hashes.set(dtype, known);
      return known;
    },
  };
}

/** sha256 of a file, hex. */
export async function hashOf(open: OpenFile, path: string): Promise<string> {
  const file = await open(path);
  if (!file) throw new Error(`the model has no file ${path}`);
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
