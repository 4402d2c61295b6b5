import { type FormChoice, silentContext } from '../../domain/index.ts';
import type { TableSource } from '../batch.ts';
import { fileInPieces, fileOf } from '../test-files.fixture.ts';
import { type DetectedForm, detectForm } from './index.ts';

export type Content = string | Uint8Array<ArrayBuffer>;

/** For tests: a table that is a file of its own, which comes in pieces of some size. */
export function tableOf(content: Content, pieces?: number): TableSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const file = pieces ? fileInPieces('a.csv', bytes, pieces) : fileOf('a.csv', bytes);
  return {
    name: 'a.csv',
    file,
    format: 'text',
    packed: null,
    stream: () => file.stream(),
    blob: async () => file.slice(0, file.size),
  };
}

export const detect = (content: Content, choice: FormChoice = {}, pieces?: number): Promise<DetectedForm> =>
  detectForm(tableOf(content, pieces), choice, silentContext, () => {});

export const dialectOf = async (content: Content, choice: FormChoice = {}) => (await detect(content, choice)).form.dialect;
