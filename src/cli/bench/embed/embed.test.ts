import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type { Report } from '../report.ts';
import { benchEmbed } from './embed.ts';
import { openPeer } from './peers.ts';
import { mixedTexts, retailTexts, sampleTitles, spreadRows } from './texts.ts';

/** The bundler writes it beside that of the engine. */
const THREAD = join(dirname(inject('thread')), 'runner.thread.mjs');
const folder = mkdtempSync(join(tmpdir(), 'murmuration-bench-embed-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a small benchmark runs every way, finds the same vectors, and stores what it printed', async () => {
  const json = join(folder, 'results.json');
  const printed: string[] = [];
  await benchEmbed({ rounds: 1, clock: 'cpu', shrunkBy: 200, data: undefined, json, thread: THREAD }, (text) =>
    printed.push(text),
  );
  const { results, shrunkBy } = JSON.parse(readFileSync(json, 'utf8')) as Report;
  expect(shrunkBy).toBe(200);
  expect(results.length).toBe(5);
  for (const { name, score, peers } of results) {
    expect(printed.join('\n')).toContain(name);
    expect(score).toBeGreaterThan(0);
    expect(peers.map(({ refused, agreement }) => [refused, Number(/cosine ([\d.]+)/.exec(agreement)?.[1]) >= 0.995])).toEqual([
      [false, true],
    ]);
  }
}, 240_000);

test('another way that cannot start is told by what it said', async () => {
  const model = { models: `${folder}/`, id: 'nothing', file: 'onnx/model.onnx', wasmBase: 'file:///' };
  await expect(openPeer('plain', model, ['a'])).rejects.toThrow('nothing');
});

describe('the texts', () => {
  test('are the same at every call, distinct where they are to be, short and long', () => {
    const texts = mixedTexts(500).rows;
    expect(mixedTexts(500).rows).toEqual(texts);
    expect(new Set(texts).size).toBe(500);
    const words = texts.map((text) => text.split(' ').length);
    expect(Math.max(...words)).toBeGreaterThan(6 * Math.min(...words));
  });

  test('of the sample repeat as its log does', () => {
    const { rows } = sampleTitles(5000);
    expect(rows).toHaveLength(5000);
    expect(new Set(rows).size).toBeLessThan(600);
  });

  test('in place of Online Retail are named so, and repeat as many texts as often', async () => {
    const { rows, from } = await retailTexts(undefined);
    expect([rows.length, from]).toEqual([541_909, 'a generated log in place of Online Retail']);
    expect(new Set(rows).size).toBeGreaterThan(4200);
    expect(new Set(rows).size).toBeLessThanOrEqual(4223);
  });

  test('some of the rows are spread over all of them', () => {
    expect(spreadRows(['a', 'b', 'c', 'd', 'e'], 2)).toEqual(['a', 'c']);
    expect(spreadRows(['a', 'b'], 5)).toEqual(['a', 'b']);
    expect(spreadRows([], 5)).toEqual([]);
  });
});
