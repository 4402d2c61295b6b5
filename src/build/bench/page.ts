import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';
import { build } from 'vite';
import { assemblyScript } from '../assemblyscript.mjs';
import { responseHeaders } from '../security.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Builds the page whose index.html is in `source` into `folder`, as the app is built. */
export async function buildPage(source: string, folder: string): Promise<void> {
  await build({
    root: resolve(source),
    base: './',
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [assemblyScript()],
    // Code that only Node reaches asks for the package; the page never does.
    build: { outDir: resolve(folder), emptyOutDir: true, target: 'es2023', rolldownOptions: { external: ['webgpu'] } },
  });
}

export interface PageServer {
  readonly url: string;
  /** Bytes that are served under /rows/NAME. */
  readonly rows: Map<string, Uint8Array>;
  close(): Promise<void>;
}

/** The folder on a port of localhost of its own, with the headers of the app, and rows beside it. */
export async function servePage(folder: string): Promise<PageServer> {
  const root = resolve(folder);
  const rows = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(responseHeaders())) response.setHeader(name, value);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = path.startsWith('/rows/')
      ? rows.get(path.slice('/rows/'.length))
      : fileAt(root, path === '/' ? '/index.html' : path);
    response.setHeader('Content-Type', TYPES[extname(path === '/' ? '.html' : path)] ?? 'application/octet-stream');
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((closed) => server.close(() => closed()));
  return { url: `http://localhost:${port}/`, rows, close };
}

function fileAt(root: string, path: string): Uint8Array | undefined {
  const file = join(root, path);
  if (!file.startsWith(root + sep)) return undefined;
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
