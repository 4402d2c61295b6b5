import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';
import { responseHeaders } from '../security.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Builds the page whose index.html is in `source` into `folder`. In a process of its own: it needs the builder's own files. */
export function buildPage(source: string, folder: string): void {
  execFileSync(process.execPath, ['src/build/bench/build-page.mjs', source, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
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
    const asked = new URL(request.url ?? '/', 'http://localhost').pathname;
    const path = asked === '/' ? '/index.html' : asked;
    const body = path.startsWith('/rows/') ? rows.get(path.slice('/rows/'.length)) : fileAt(root, path);
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
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
