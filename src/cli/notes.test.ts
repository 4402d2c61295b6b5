import { expect, test } from 'vitest';
import type { AnalysisResult, FilePreview, RunManifest } from '../domain/index.ts';
import { fileNotes, replayNotes, typeNotes } from './notes.ts';

const file = (name: string, sha256: string) => ({ name, file: name, sha256 }) as FilePreview;
const manifest = {
  app: '1.0.0',
  files: [file('a.csv', 'A'), file('b.csv', 'B')],
  model: { id: 'use', dtype: 'q8', device: 'wasm', sha256: 'ab' },
  compute: { device: 'webgpu', adapter: '' },
} as unknown as RunManifest;

test('files: none to tell where they are the manifest`s; else each that changed, lacks or came to it', () => {
  expect(fileNotes([file('b.csv', 'B'), file('a.csv', 'A')], manifest)).toEqual([]);
  expect(fileNotes([file('a.csv', 'X'), file('c.csv', 'C')], manifest)).toEqual([
    "a.csv has changed since the manifest's run.",
    'b.csv of the manifest is not among the files.',
    "c.csv is not a file of the manifest's run.",
  ]);
});

test('a file that is given twice is told, with a manifest and without', () => {
  const files = [file('a.csv', 'A'), file('b.csv', 'B'), file('copy.csv', 'A')];
  const twice = 'a.csv and copy.csv have the same content; their events count 2 times.';
  expect(fileNotes(files, null)).toEqual([twice]);
  expect(fileNotes(files, manifest)).toEqual(["copy.csv is not a file of the manifest's run.", twice]);
});

test('P2 a replay on another device or version is told', () => {
  const run = (device: string) => ({ compute: { device }, model: manifest.model }) as unknown as AnalysisResult;
  expect(replayNotes(manifest, run('webgpu'), '1.0.0')).toEqual([]);
  expect(replayNotes(manifest, run('cpu'), '1.1.0')).toEqual([
    expect.stringMatching(/version 1\.0\.0, this one 1\.1\.0/),
    expect.stringMatching(/computed on webgpu, this one cpu/),
  ]);
});

test('P2 another model, another form of it or another file of that form is told, each once', () => {
  const notes = (change: object) => {
    const run = { compute: manifest.compute, model: { ...manifest.model, ...change } };
    return replayNotes(manifest, run as unknown as AnalysisResult, '1.0.0');
  };
  expect(notes({})).toEqual([]);
  expect(notes({ id: 'e5', sha256: 'cd' })).toEqual([expect.stringMatching(/the model use, this one e5/)]);
  expect(notes({ dtype: 'fp16', sha256: 'cd' })).toEqual([expect.stringMatching(/in the form q8, this one fp16/)]);
  expect(notes({ sha256: 'cd' })).toEqual([expect.stringMatching(/file with the sha256 ab, this one cd/)]);
});

test('a weight of a type that no event is of is told, with the types there are', () => {
  expect(typeNotes({ buy: 3 }, ['buy', 'view'])).toEqual([]);
  expect(typeNotes({ purchse: 3, view: 0, '': 1 }, ['purchase', 'view'])).toEqual([
    '--type-weight: no event is of type "purchse", "", so that weight does nothing. The types there are: purchase, view.',
  ]);
  expect(typeNotes({ buy: 3 }, []).join()).toContain('No column tells types of events; --map type=COL names one.');
  const many = Array.from({ length: 25 }, (_, i) => `t${i}`);
  expect(typeNotes({ buy: 3 }, many).join()).toMatch(/t19 and 5 more\.$/);
  expect(typeNotes({}, [])).toEqual([]);
});
