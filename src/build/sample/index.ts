import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GENERATOR_VERSION, generateLog, toCsv } from '../../testing/index.ts';

export interface Sample {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

const SEED = 1;
const USERS = 2000;
/** What the stored sample was made with; another key makes it anew. */
const KEY = `generator ${GENERATOR_VERSION}, seed ${SEED}, ${USERS} users`;

/**
 * Sees to it that `root`/public/samples has library.csv, and library-truth.json beside it for the curious. Written when missing, damaged in length, or
 * made by another version of the generator.
 */
export async function ensureSample(root: string): Promise<Sample> {
  const folder = join(root, 'public/samples');
  const path = join(folder, 'library.csv');
  const truthPath = join(folder, 'library-truth.json');
  const stored = await readStored(path, truthPath);
  if (stored) return { path, ...stored };
  const { rows, truth } = generateLog({ seed: SEED, users: USERS });
  const csv = toCsv(rows);
  const size = { bytes: Buffer.byteLength(csv), rows: rows.length };
  await mkdir(folder, { recursive: true });
  await replaceFile(path, csv);
  // Written last: its key vouches for the log.
  await replaceFile(truthPath, JSON.stringify({ key: KEY, ...size, ...truth }));
  return { path, ...size };
}

async function readStored(path: string, truthPath: string): Promise<{ bytes: number; rows: number } | null> {
  try {
    const { key, bytes, rows } = JSON.parse(await readFile(truthPath, 'utf8')) as { key: unknown; bytes: number; rows: number };
    return key === KEY && (await stat(path)).size === bytes ? { bytes, rows } : null;
  } catch {
    // Missing or unreadable: to be written.
    return null;
  }
}

/** In one step, so that a reader never sees half a file. */
async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  await writeFile(draft, content);
  await rename(draft, path);
}
