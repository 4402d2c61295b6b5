import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormChoice } from '../../domain/index.ts';
import { silentContext } from '../../domain/index.ts';
import { expand } from '../containers.ts';
import { fileOf } from '../test-files.fixture.ts';
import { detectFormat, openFormat } from './index.ts';
import { readAll } from './rows.fixture.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** For tests: a file of `fixtures/`, which its scripts tell how they were made. */
export const fixture = (name: string): Bytes => new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', name)));

/** For tests: the first table of a file, wholly, as strings. */
export async function readTable(name: string, content: string | Bytes, choice: FormChoice = {}) {
  const { tables } = await expand(fileOf(name, content), silentContext);
  const table = tables[0];
  if (!table) throw new Error('no table');
  const { form } = await detectFormat(table, choice, silentContext);
  const reader = await openFormat(table, form, silentContext);
  return { form, header: reader.header, ...(await readAll(reader)) };
}
