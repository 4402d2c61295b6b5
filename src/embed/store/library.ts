import {
  type AppError,
  type DownloadPlan,
  type Dtype,
  inputError,
  type JobContext,
  type ModelEntry,
  type StoredFile,
} from '../../domain/index.ts';
import { HUB_MODELS, type HubModel } from '../registry.ts';
import { type ModelSource, modelFile } from '../source.ts';
import { BUILT_IN, cardOfDropped, cardOfKnown, dtypesOf, entryOf, LEXICAL, onHub } from './cards.ts';
import { checkModel } from './check.ts';
import { type Member, modelFolder } from './folder.ts';
import { hubFile, hubModel, planDownload } from './hub.ts';
import { dataOwner, dtypeOf } from './names.ts';
import type { Kept, Part, Shelf } from './shelf.ts';
import { isZip, zipMembers } from './zip.ts';

/** A file with its path below the folder that was dropped; an archive has its name alone. */
export interface DroppedFile {
  readonly path: string;
  readonly file: Blob;
}

/** The models that are here, and how others get here. Progress is told in bytes. */
export interface ModelLibrary {
  /** The built-in first, then those in storage, the lexical one, and those of the hub that are not here. */
  list(): Promise<ModelEntry[]>;
  /**
   * Checks a dropped folder or archive file by file, and keeps it in place of one with the same id.
   * @throws AppError input that names the file that is wrong; nothing is kept
   */
  add(files: readonly DroppedFile[], ctx: JobContext): Promise<ModelEntry>;
  /** `policy`: the page's content policy, null where it has none. Asks for nothing. */
  plan(id: string, dtype: Dtype, policy: string | null): DownloadPlan;
  /** Fetches what the plan names, beside other dtypes that were fetched. To be called after the user's yes only (promise P1). */
  download(id: string, dtype: Dtype, policy: string | null, ctx: JobContext): Promise<ModelEntry>;
  remove(id: string): Promise<void>;
  /** Null where no such model is in storage. */
  open(id: string): Promise<ModelSource | null>;
}

/** @param known models of the hub */
export function createModelLibrary(
  shelf: Shelf,
  fetchFile: typeof fetch = fetch,
  known: readonly HubModel[] = HUB_MODELS,
): ModelLibrary {
  let swept: Promise<void> | null = null;
  const newest = async (id: string): Promise<Part | null> =>
    (await shelf.parts()).findLast(({ kept }) => kept.card.id === id) ?? null;
  return {
    async list() {
      swept ??= shelf.sweep();
      await swept;
      const kept = new Map((await shelf.parts()).map((part) => [part.kept.card.id, part.kept]));
      const elsewhere = known.filter(({ card }) => !kept.has(card.id)).map(({ card }) => onHub(card));
      return [BUILT_IN, ...[...kept.values()].map(entryOf), LEXICAL, ...elsewhere];
    },

    async add(files, ctx) {
      const { name, members } = await lookInto(files);
      const folder = modelFolder(members, name);
      // Before anything is copied, where the files can be looked into as they are.
      const originals = filesOf(folder.wanted);
      if (originals) await checkModel(folder.name, originals, ctx);
      const kept = await shelf.keep(
        folder.wanted,
        async (copies, stored) => {
          const checked = await checkModel(folder.name, copies, ctx);
          return { ...cardOfDropped(checked, stored), source: 'dropped' };
        },
        sameModel,
        ctx,
      );
      return entryOf(kept);
    },

    plan: (id, dtype, policy) => planDownload(id, dtype, policy, known),

    async download(id, dtype, policy, ctx) {
      const plan = planDownload(id, dtype, policy, known);
      if (plan.refused !== null) throw inputError('hub-not-allowed', plan.refused, 'Drop the folder of the model instead.');
      const model = hubModel(id, dtype, known);
      const fetched = plan.files.map(
        ({ path, bytes }): Member => ({ path, size: bytes, stream: () => hubFile(model, path, fetchFile) }),
      );
      const others = await otherDtypes(shelf, await newest(id), dtype);
      const kept = await shelf.keep(
        [...fetched, ...others],
        async (copies, stored) => {
          checkFetched(model, plan, stored);
          const { card } = await checkModel(model.card.name, copies, ctx);
          return { card: cardOfKnown(model.card, card), source: 'hub', notes: [] };
        },
        sameModel,
        ctx,
      );
      return entryOf(kept);
    },

    async remove(id) {
      await shelf.remove((await shelf.parts()).filter(({ kept }) => kept.card.id === id));
    },

    async open(id) {
      const part = await newest(id);
      return part && sourceOfPart(shelf, part);
    },
  };
}

const sameModel = (kept: Kept, parts: readonly Part[]): Part[] => parts.filter((part) => part.kept.card.id === kept.card.id);

async function lookInto(files: readonly DroppedFile[]): Promise<{ name: string; members: Member[] }> {
  const [first] = files;
  const name = first?.path.split('/').find((part) => part !== '') ?? '';
  if (first && files.length === 1 && (await isZip(first.file))) return { name, members: await zipMembers(name, first.file) };
  const archive = files.length > 1 ? files.find(({ path }) => /\.zip$/i.test(path)) : undefined;
  if (archive)
    throw inputError('several-models', `${archive.path} came along with other files.`, 'Drop one archive, or one folder.');
  return { name, members: files.map(memberOf) };
}

const memberOf = ({ path, file }: DroppedFile): Member => ({ path, size: file.size, stream: () => file.stream(), file });

/** By path; null where one of them can't be read from anywhere. */
function filesOf(members: readonly Member[]): Map<string, Blob> | null {
  const files = new Map<string, Blob>();
  for (const { path, file } of members) {
    if (file === undefined) return null;
    files.set(path, file);
  }
  return files;
}

/** The model files of other dtypes that were fetched: they go on with the same tokenizer, being of the same revision. */
async function otherDtypes(shelf: Shelf, former: Part | null, dtype: Dtype): Promise<Member[]> {
  if (former?.kept.source !== 'hub') return [];
  const others = former.kept.files.filter(({ path }) => {
    const owner = dtypeOf(path) ?? dataOwner(path);
    return owner !== null && owner !== dtype;
  });
  const members = await Promise.all(others.map(async (stored) => ({ stored, file: await shelf.open(former, stored) })));
  return members.flatMap(({ stored, file }) => (file ? [memberOf({ path: stored.path, file })] : []));
}

function checkFetched({ card, sha256 }: HubModel, { files }: DownloadPlan, stored: readonly StoredFile[]): void {
  for (const { path, bytes } of files) {
    const found = stored.find((file) => file.path === path);
    const dtype = dtypeOf(path);
    const hash = dtype === null ? undefined : sha256[dtype];
    if (found?.bytes !== bytes) throw notThatFile(`${card.id}/${path}`, `${found?.bytes ?? 0} bytes came, ${bytes} should have`);
    if (hash !== undefined && found.sha256 !== hash) throw notThatFile(`${card.id}/${path}`, 'its sha256 is another one');
  }
}

const notThatFile = (path: string, why: string): AppError =>
  inputError(
    'hub-other-file',
    `${path} did not come as it is known: ${why}. Nothing of it was kept.`,
    'Try again; if it stays so, download the files elsewhere and drop their folder here.',
  );

function sourceOfPart(shelf: Shelf, part: Part): ModelSource {
  const { card, files } = part.kept;
  return {
    card,
    copy: part.folder,
    dtypes: dtypesOf(files),
    async open(path) {
      const stored = files.find((file) => file.path === path);
      if (!stored) return undefined;
      const file = await shelf.open(part, stored);
      if (file) return new Response(file);
      throw inputError(
        'model-damaged',
        `${card.name} is no longer whole in this browser: ${path} is gone or has changed.`,
        'Remove the model and add it again.',
      );
    },
    sha256: (dtype) => hashOf(files.filter(({ path }) => path === modelFile(dtype) || dataOwner(path) === dtype)),
  };
}

/** Of the one file, or of the hashes of several. */
async function hashOf(files: readonly StoredFile[]): Promise<string> {
  const hashes = files.map(({ sha256 }) => sha256).sort();
  if (hashes.length === 1) return hashes[0] as string;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(hashes.join()));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
