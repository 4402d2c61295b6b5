import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { responseHeaders } from '../security.ts';
import { type PageServer, servePage } from './page.ts';

const parent = mkdtempSync(join(tmpdir(), 'murmuration-page-test-'));
let server: PageServer;

beforeAll(async () => {
  mkdirSync(join(parent, 'page'));
  writeFileSync(join(parent, 'page/index.html'), '<!doctype html>');
  writeFileSync(join(parent, 'secret'), 'not served');
  server = await servePage(join(parent, 'page'));
});
afterAll(async () => {
  await server.close();
  rmSync(parent, { recursive: true });
});

test('the page comes as HTML, with the headers of the app', async () => {
  const response = await fetch(server.url);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  for (const [name, value] of Object.entries(responseHeaders())) expect(response.headers.get(name)).toBe(value);
});

test('rows come as their bytes while they are there', async () => {
  server.rows.set('all', Uint8Array.of(1, 2, 3));
  expect(new Uint8Array(await (await fetch(`${server.url}rows/all`)).arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  server.rows.delete('all');
  expect((await fetch(`${server.url}rows/all`)).status).toBe(404);
});

test('nothing outside the folder is served', async () => {
  for (const path of ['..%2fsecret', '%2e%2e/secret', 'missing']) expect((await fetch(server.url + path)).status).toBe(404);
});
