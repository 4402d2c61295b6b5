import { inputError, silentContext } from '../../domain/index.ts';
import { type ModelSource, sourceOf } from '../source.ts';
import { cardOfDropped } from './cards.ts';
import { checkModel } from './check.ts';
import { type Member, modelFolder } from './folder.ts';

/**
 * A model's folder on disk, in Node: checked as one that is dropped in a browser.
 * @param path absolute, or from the working directory
 * @throws AppError input that names the file that is wrong
 */
export async function openModelFolder(path: string): Promise<ModelSource> {
  // Not imports: a bundle for the browser must not see them.
  const { resolve } = process.getBuiltinModule('node:path');
  const top = resolve(path);
  const { name, wanted } = modelFolder(await membersOf(top), top);
  const files = new Map(wanted.flatMap((member) => (member.file ? [[member.path, member.file] as const] : [])));
  const checked = await checkModel(name, files, silentContext);
  const open = async (file: string): Promise<Response | undefined> => {
    const blob = files.get(file);
    return blob && new Response(blob);
  };
  return sourceOf(cardOfDropped(checked, []).card, checked.dtypes, open);
}

/** Every file below the folder, by its path from the folder's parent, as a browser gives them. */
async function membersOf(top: string): Promise<Member[]> {
  const { readdir } = process.getBuiltinModule('node:fs/promises');
  const { openAsBlob } = process.getBuiltinModule('node:fs');
  const { basename, join, relative, sep } = process.getBuiltinModule('node:path');
  const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw inputError(
      'no-model-folder',
      `There is no folder ${top}.`,
      'Name the folder of a model: it holds config.json and onnx/.',
      cause,
    );
  });
  const member = async (file: string): Promise<Member> => {
    const blob = await openAsBlob(file);
    const path = [basename(top), ...relative(top, file).split(sep)].join('/');
    return { path, size: blob.size, stream: () => blob.stream(), file: blob };
  };
  return Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => member(join(entry.parentPath, entry.name))));
}
