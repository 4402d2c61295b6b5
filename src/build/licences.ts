import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

export interface LicencePlugins {
  /** For the page: writes `fileName` when all is bundled. */
  readonly page: Plugin;
  /** For the workers, which are bundled apart and before the page ends. */
  readonly workers: () => Plugin;
}

/** Gathers the licence texts of every package that page and workers bundle into one file of the build. */
export function licences(fileName: string): LicencePlugins {
  const folders = new Set<string>();
  const collect = (bundle: Readonly<Record<string, { type: string; moduleIds?: readonly string[] }>>): void => {
    for (const chunk of Object.values(bundle)) {
      for (const id of chunk.moduleIds ?? []) {
        const folder = packageFolder(id);
        if (folder) folders.add(folder);
      }
    }
  };
  return {
    workers: () => ({ name: 'murmuration:worker-licences', apply: 'build', generateBundle: (_, bundle) => collect(bundle) }),
    page: {
      name: 'murmuration:licences',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle);
        this.emitFile({ type: 'asset', fileName, source: describeAll([...folders]) });
      },
    },
  };
}

/** The folder of the package that a module belongs to, or null for our own and virtual modules. */
export function packageFolder(moduleId: string): string | null {
  const match = /^(\/?[^\0].*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(moduleId.replaceAll('\\', '/'));
  return match?.[1] ?? null;
}

interface PackageLicence {
  readonly title: string;
  readonly text: string;
}

function describeAll(folders: readonly string[]): string {
  const all = folders.map(readLicence).sort((a, b) => (a.title < b.title ? -1 : 1));
  const distinct = all.filter((entry, i) => entry.title !== all[i - 1]?.title);
  return `${distinct.map(({ title, text }) => `${title}\n${'='.repeat(title.length)}\n\n${text}`).join('\n\n\n')}\n`;
}

/** Where `stopword` names the sources of its lists. */
const THIRD_PARTY = 'dist/3rd-party.txt';

function readLicence(folder: string): PackageLicence {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const files = [...readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)), THIRD_PARTY];
  const texts = files
    .filter((file) => existsSync(join(folder, file)))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const holder = typeof author === 'string' ? author : ((author as { name?: string } | undefined)?.name ?? '');
  return { title: `${name} ${version} (${license})`, text: texts.join('\n\n') || `${license}. ${holder}`.trim() };
}
