import type { BehaviourSettings, ModelInfo, SearchHits } from '../../domain/index.ts';
import { plural } from '../common/format.ts';

/** Scripts, as Unicode names them, of languages whose own code (ISO 15924) stands for several or for a form of one. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  Hans: ['Hani'],
  Hant: ['Hani'],
  Jpan: ['Hani', 'Hira', 'Kana'],
  Kore: ['Hang', 'Hani'],
};

/** What a language is written in; nothing where that is not known. */
function scriptsOf(language: string): readonly string[] {
  const script = new Intl.Locale(language).maximize().script;
  return script === undefined ? [] : (SCRIPTS[script] ?? [script]);
}

type QueryModel = Pick<ModelInfo, 'kind' | 'languages' | 'name'>;

/**
 * Why nearness to a query means less than it seems, in the user's words; null where nothing is to be said. By script: a few words are too short
 * to tell languages of one script apart.
 */
export function queryNote(query: string, model: QueryModel, { weight, features }: BehaviourSettings): string | null {
  const { kind, languages, name } = model;
  if (weight >= 1 && features.length > 0) return 'Profiles are made of behaviour alone: only texts can be near to words.';
  if (kind === 'lexical')
    return 'This model compares the words themselves: the same words are near, others of the same meaning are not.';
  const letters = query.match(/\p{L}/gu) ?? [];
  if (languages === null || languages.length === 0 || letters.length === 0) return null;
  const known = [...new Set(languages.flatMap(scriptsOf))].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));
  const strange = letters.filter((letter) => !known.some((script) => script.test(letter))).length;
  if (2 * strange <= letters.length) return null;
  return `${name} does not know the language of this query: what it finds near is so by chance.`;
}

/** What was found, for a reader of the screen. */
export function foundWords({ segments, texts, users }: SearchHits): string {
  if (segments.length + texts.length + users.length === 0) return 'Nothing is near.';
  return `Nearest: ${plural(segments.length, 'segment')}, ${plural(texts.length, 'text')}, ${plural(users.length, 'user')}.`;
}
