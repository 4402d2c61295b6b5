import type { Encoding } from '../../domain/index.ts';
import { looksUnmarked16 } from '../binary.ts';
import { ElementSplitter } from './json-elements.ts';
import { JsonRows } from './json-object.ts';

/** JSON is written in Unicode: UTF-8 unless a byte order mark, or NULs on one side, say UTF-16. */
export function jsonEncoding(head: Uint8Array): Encoding {
  const [a, b] = head;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (!looksUnmarked16(head)) return 'utf-8';
  return a === 0 ? 'utf-16be' : 'utf-16le';
}

/**
 * JSON Lines, other JSON, or null for neither. One object a line is JSON Lines, also where some lines are broken; an array, an object with an array in it, and
 * objects that run over several lines are `json`.
 */
export function sniffJson(head: Uint8Array, name: string, whole: boolean): 'jsonl' | 'json' | null {
  const text = new TextDecoder(jsonEncoding(head)).decode(head, { stream: !whole }).trimStart();
  if (/^\[\s*([{[\]]|$)/.test(text) || (text.startsWith('[') && /\.json(\.gz)?$/i.test(name))) return 'json';
  const lines = objectLines(text, name, whole);
  if (lines.objects > 1 || (lines.objects === 1 && lines.all === 1 && !holdsArray(text))) return 'jsonl';
  if (/^\{\s*("|\}|$)/.test(text)) return 'json';
  return lines.objects > 0 && /\.(jsonl|ndjson)(\.gz)?$/i.test(name) ? 'jsonl' : null;
}

/** How many of the first lines are one whole object each. An element of an array ends with a comma, so it is none. */
function objectLines(text: string, name: string, whole: boolean): { readonly objects: number; readonly all: number } {
  const lines = text.split(/\r\n|\n|\r/, LINES_TO_TRY);
  if (!whole && lines.length < LINES_TO_TRY) lines.pop();
  const rows = new JsonRows(name);
  const filled = lines.map((line) => line.trim()).filter((line) => line !== '');
  const objects = filled.filter((line) => line.startsWith('{"') && rows.learn(line)).length;
  return { objects, all: filled.length };
}

/** One object around the table: a line of its own, and no record. */
function holdsArray(text: string): boolean {
  const splitter = new ElementSplitter('', undefined);
  splitter.push(text);
  return splitter.arrays.length > 0;
}

const LINES_TO_TRY = 50;
