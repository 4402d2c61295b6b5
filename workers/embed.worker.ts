import { expose, transfer } from 'comlink';
import { createContext, type TextEmbedder } from '../src/domain/index.ts';
import { createEmbedder } from '../src/embed/index.ts';
import { type EmbedApi, type EmbedOptions, installErrorTransfer } from '../src/protocol/index.ts';

installErrorTransfer();

/** A path and not a URL: transformers.js takes what has a host for a remote model. */
const base = import.meta.env.BASE_URL;
let running = new AbortController();
let opened: { readonly device: EmbedOptions['device']; readonly embedder: Promise<TextEmbedder> } | null = null;

/** One model at a time is held; a failed start is forgotten, so that the next try starts anew. */
function open(device: EmbedOptions['device']): Promise<TextEmbedder> {
  if (opened?.device === device) return opened.embedder;
  const former = opened?.embedder;
  const embedder = createEmbedder({ modelBase: `${base}models/`, wasmBase: `${base}ort/`, device });
  opened = { device, embedder };
  embedder.catch(() => {
    opened = null;
  });
  former?.then((e) => e.dispose()).catch(() => undefined);
  return embedder;
}

const api: EmbedApi = {
  open: async ({ device }) => (await open(device)).describe(),
  async embed(texts, onProgress) {
    running = new AbortController();
    const context = createContext('embed', ({ done, total, note }) => void onProgress(done, total, note), running.signal);
    const vectors = await (await open(opened?.device ?? 'auto')).embed(texts, context);
    return transfer(vectors, [vectors.data.buffer as ArrayBuffer]);
  },
  cancel: () => running.abort(),
  connect: (port) => expose(api, port),
};

expose(api);
