import { expose } from 'comlink';
import { createEmbedder } from '../src/embed/index.ts';
import { installErrorTransfer, serveEmbedder } from '../src/protocol/index.ts';

installErrorTransfer();

/** A path and not a URL: transformers.js takes what has a host for a remote model. */
const base = import.meta.env.BASE_URL;

expose(serveEmbedder((options) => createEmbedder({ ...options, modelBase: `${base}models/`, wasmBase: `${base}ort/` })));
