/** What a model card says at its head. */
export interface About {
  /** ISO 639-1; null where it names none. */
  readonly languages: readonly string[] | null;
  /** SPDX name, as far as it is a usual one. */
  readonly licence: string | null;
}

/** Hugging Face writes licences in small letters. */
const SPDX: Readonly<Record<string, string>> = {
  'apache-2.0': 'Apache-2.0',
  mit: 'MIT',
  'cc-by-4.0': 'CC-BY-4.0',
  'cc-by-sa-4.0': 'CC-BY-SA-4.0',
  'cc-by-nc-4.0': 'CC-BY-NC-4.0',
  'bsd-3-clause': 'BSD-3-Clause',
};

/**
 * The two keys that matter of the YAML at the head of a README.md (https://huggingface.co/docs/hub/model-cards), in the three forms that lists
 * have there: `language: en`, `language: [en, de]` and a line with a dash for each.
 */
export function aboutOf(readme: string): About {
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readme)?.[1] ?? '';
  const codes = valuesOf(head, 'language').filter((code) => /^[a-z]{2}$/.test(code));
  const licence = valuesOf(head, 'license')[0];
  return {
    languages: codes.length > 0 ? [...new Set(codes)] : null,
    licence: licence === undefined ? null : (SPDX[licence] ?? licence),
  };
}

function valuesOf(yaml: string, key: string): string[] {
  const lines = yaml.split(/\r?\n/);
  const at = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (at < 0) return [];
  const inline = (lines[at] ?? '').slice(key.length + 1).replace(/[[\]]/g, '');
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => !/^\s*-\s/.test(line));
  const items = below.slice(0, end < 0 ? below.length : end).map((line) => line.replace(/^\s*-\s*/, ''));
  return [...inline.split(','), ...items]
    .map((value) => value.trim().replace(/^["']|["']$/g, ''))
    .filter((value) => value !== '');
}
