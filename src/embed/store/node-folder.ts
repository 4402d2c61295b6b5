import { inputError, silentContext } from '../../domain/index.ts';
import { type ModelSource, sourceOf } from '../source.ts';
import { cardOfDropped } from './cards.ts';
import { checkModel } from './check.ts';
import { type Member, modelFolder } from './folder.ts';

/**
 * A model from a folder on disk, in Node; checked file by file as one that is dropped on the page.
 * @throws AppError input that says what is wrong with the folder
 */
export async function openModelFolder(folder: string): Promise<ModelSource> {
  // Not an import: a bundle for the browser must not see node:path.
  const { basename, resolve } = process.getBuiltinModule('node:path');
  const { name, wanted } = modelFolder(await membersOf(folder), basename(resolve(folder)));
  const files = new Map(wanted.flatMap(({ path, file }) => (file ? [[path, file] as const] : [])));
  const checked = await checkModel(name, files, silentContext);
  return sourceOf(cardOfDropped(checked, []).card, checked.dtypes, async (path) => {
    const file = files.get(path);
    return file && new Response(file);
  });
}

async function membersOf(folder: string): Promise<Member[]> {
  const fs = process.getBuiltinModule('node:fs');
  const paths = await fs.promises.readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw inputError(
      'model-folder',
      `The model folder ${folder} cannot be read.`,
      'Name a folder with config.json, tokenizer.json and onnx/.',
      cause,
    );
  });
  const { join, relative } = process.getBuiltinModule('node:path');
  const members: Member[] = [];
  for (const entry of paths.filter((found) => found.isFile())) {
    const place = join(entry.parentPath, entry.name);
    const file = await fs.openAsBlob(place);
    members.push({ path: relative(folder, place), size: file.size, stream: () => file.stream(), file });
  }
  return members;
}
