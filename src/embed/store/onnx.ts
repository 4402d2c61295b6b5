/** What a model file says of itself, as far as a check needs it. */
export interface OnnxGraph {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Files beside it that hold weights, by name. */
  readonly dataFiles: readonly string[];
}

/** The file is no ONNX model, or only the beginning of one; the message says where, for the end of a sentence. */
export class OnnxFault extends Error {
  override readonly name = 'OnnxFault';
}

/** Bytes by position; a Blob reads no more of a file than is asked for. */
export interface Sliced {
  readonly size: number;
  slice(start: number, end: number): Blob;
}

/** Numbers of the fields in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */
const MODEL = { graph: 7, opsets: 8 } as const;
const GRAPH = { initializer: 5, input: 11, output: 12 } as const;
const VALUE_NAME = 1;
const TENSOR_EXTERNAL_DATA = 13;
const ENTRY = { key: 1, value: 2 } as const;

/**
 * Walks through a model by the lengths that it is made of, without reading its weights: a file that was cut off anywhere is found out.
 * @throws OnnxFault
 */
export async function readOnnx(file: Sliced): Promise<OnnxGraph> {
  const bytes = new Window(file);
  const dataFiles = new Set<string>();
  const inputs: string[] = [];
  const outputs: string[] = [];
  let graphs = 0;
  let opsets = 0;
  for await (const part of fieldsOf(bytes, 0, file.size)) {
    if (part.number === MODEL.opsets) opsets++;
    if (part.number !== MODEL.graph || part.wire !== LENGTH) continue;
    graphs++;
    for await (const field of fieldsOf(bytes, part.start, part.end)) {
      if (field.wire !== LENGTH) continue;
      if (field.number === GRAPH.input) inputs.push(await textOf(bytes, field, VALUE_NAME));
      else if (field.number === GRAPH.output) outputs.push(await textOf(bytes, field, VALUE_NAME));
      else if (field.number === GRAPH.initializer) for (const name of await dataOf(bytes, field)) dataFiles.add(name);
    }
  }
  if (graphs === 0) throw new OnnxFault('holds no graph');
  // Written after the graph, so it is what a file lacks that was cut off at the graph's very end.
  if (opsets === 0) throw new OnnxFault('is cut off: it does not say which operators it is made of');
  return { inputs, outputs, dataFiles: [...dataFiles] };
}

/** Where the weights of a tensor lie, if in another file. */
async function dataOf(bytes: Window, tensor: Field): Promise<string[]> {
  const names: string[] = [];
  for await (const field of fieldsOf(bytes, tensor.start, tensor.end)) {
    if (field.number !== TENSOR_EXTERNAL_DATA || field.wire !== LENGTH) continue;
    if ((await textOf(bytes, field, ENTRY.key)) === 'location') names.push(await textOf(bytes, field, ENTRY.value));
  }
  return names;
}

/** The string with this number in a message; '' without. */
async function textOf(bytes: Window, message: Field, number: number): Promise<string> {
  for await (const field of fieldsOf(bytes, message.start, message.end)) {
    if (field.number === number && field.wire === LENGTH) {
      return new TextDecoder().decode(await bytes.read(field.start, Math.min(field.end - field.start, MOST_NAME)));
    }
  }
  return '';
}

/** Bytes of a name; longer ones are no names. */
const MOST_NAME = 1024;

/** Wire types of protocol buffers (https://protobuf.dev/programming-guides/encoding/). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

interface Field {
  readonly number: number;
  readonly wire: number;
  /** Of its contents. */
  readonly start: number;
  readonly end: number;
}

async function* fieldsOf(bytes: Window, start: number, end: number): AsyncGenerator<Field> {
  for (let at = start; at < end; ) {
    const tag = await bytes.varint(at, end);
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (number === 0) throw new OnnxFault(`is no ONNX model (at byte ${at})`);
    const field = { number, wire, ...(await contents(bytes, wire, tag.next, end)) };
    if (field.end > end) throw new OnnxFault(`is cut off: it should go on to byte ${field.end}, and ends at ${end}`);
    yield field;
    at = field.end;
  }
}

async function contents(bytes: Window, wire: number, at: number, end: number): Promise<{ start: number; end: number }> {
  if (wire === VARINT) return { start: at, end: (await bytes.varint(at, end)).next };
  if (wire === FIXED64) return { start: at, end: at + 8 };
  if (wire === FIXED32) return { start: at, end: at + 4 };
  if (wire !== LENGTH) throw new OnnxFault(`is no ONNX model (at byte ${at})`);
  const length = await bytes.varint(at, end);
  return { start: length.next, end: length.next + length.value };
}

/** Enough for thousands of nodes between two reads; weights are jumped over. */
const WINDOW = 1 << 16;

/** A file of which one stretch is in memory. */
class Window {
  readonly #file: Sliced;
  #from = 0;
  #bytes = new Uint8Array(0);

  constructor(file: Sliced) {
    this.#file = file;
  }

  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (start < this.#from || start + length > this.#from + this.#bytes.length) {
      const end = Math.min(this.#file.size, start + Math.max(WINDOW, length));
      this.#bytes = new Uint8Array(await this.#file.slice(start, end).arrayBuffer());
      this.#from = start;
    }
    return this.#bytes.subarray(start - this.#from, start - this.#from + length);
  }

  /** Seven bits a byte, the lowest first; 64 bits at most, of which a double keeps 53. */
  async varint(at: number, end: number): Promise<{ value: number; next: number }> {
    const bytes = await this.read(at, Math.min(10, Math.max(0, end - at)));
    let value = 0;
    for (const [i, byte] of bytes.entries()) {
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, next: at + i + 1 };
    }
    throw new OnnxFault(bytes.length < 10 ? `is cut off at byte ${at + bytes.length}` : `is no ONNX model (at byte ${at})`);
  }
}
