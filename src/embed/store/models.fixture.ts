import type { DroppedFile } from './library.ts';
import type { Locks } from './locks.ts';

/** A field of a protocol buffer: a string or message by its length, a number as varint. */
export function field(number: number, value: string | number | Uint8Array): number[] {
  if (typeof value === 'number') return [...varint(number * 8), ...varint(value)];
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

const message = (...fields: readonly number[][]): Uint8Array => Uint8Array.from(fields.flat());

export interface OnnxParts {
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  /** A file that the weights lie in. */
  readonly dataFile?: string;
  /** Bytes of the weights that lie in the file itself. */
  readonly weights?: Uint8Array;
}

/** An ONNX file with one tensor and no nodes: enough for whoever looks at its outside. */
export function onnxBytes({
  inputs = ['input_ids', 'attention_mask'],
  outputs = ['last_hidden_state'],
  dataFile,
  weights = new Uint8Array(300).fill(7),
}: OnnxParts = {}): Uint8Array<ArrayBuffer> {
  const place = (key: string, value: string): number[] => field(13, message(field(1, key), field(2, value)));
  const where = dataFile === undefined ? [field(9, weights)] : [place('location', dataFile), place('offset', '0'), field(14, 1)];
  const tensor = message(field(1, 75), field(2, 1), field(8, 'weights'), ...where);
  const graph = message(
    field(2, 'graph'),
    field(5, tensor),
    ...inputs.map((name) => field(11, message(field(1, name)))),
    ...outputs.map((name) => field(12, message(field(1, name)))),
  );
  return new Uint8Array(message(field(1, 8), field(2, 'test'), field(7, graph), field(8, message(field(2, 17)))));
}

type Content = string | object | Uint8Array<ArrayBuffer>;

const blobOf = (content: Content): Blob =>
  new Blob([content instanceof Uint8Array || typeof content === 'string' ? content : JSON.stringify(content)]);

export const droppedFiles = (files: Readonly<Record<string, Content>>, folder = 'tiny'): DroppedFile[] =>
  Object.entries(files).map(([path, content]) => ({ path: folder === '' ? path : `${folder}/${path}`, file: blobOf(content) }));

/** The files of a model that is in order. */
export const wholeModel = (change: Readonly<Record<string, Content | null>> = {}): Record<string, Content> => {
  const files: Record<string, Content | null> = {
    'config.json': { model_type: 'bert', architectures: ['BertModel'], hidden_size: 16, max_position_embeddings: 64 },
    'tokenizer.json': { version: '1.0', model: { type: 'WordPiece', vocab: { a: 0 } } },
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', model_max_length: 48 },
    '1_Pooling/config.json': { word_embedding_dimension: 16, pooling_mode_cls_token: true, pooling_mode_mean_tokens: false },
    'README.md': '---\nlanguage:\n- en\n- de\nlicense: apache-2.0\n---\n# Tiny\n',
    'onnx/model.onnx': onnxBytes(),
    'onnx/model_quantized.onnx': onnxBytes({ weights: new Uint8Array(80) }),
    ...change,
  };
  return Object.fromEntries(Object.entries(files).filter((entry): entry is [string, Content] => entry[1] !== null));
};

/** Locks as a browser has them, over all that share the object. */
export function fakeLocks(): Locks {
  const held = new Map<string, Promise<unknown>>();
  const take = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const running = work();
    const over = running
      .catch(() => {})
      .then(() => {
        if (held.get(name) === over) held.delete(name);
      });
    held.set(name, over);
    return running;
  };
  return {
    async hold(name, work) {
      while (held.has(name)) await held.get(name);
      return take(name, work);
    },
    async tryHold(name, work) {
      if (held.has(name)) return false;
      await take(name, work);
      return true;
    },
  };
}
