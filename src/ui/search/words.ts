import { type BehaviourSettings, languageName, type ModelInfo, type SearchHits } from '../../domain/index.ts';
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

/** Languages told by name; of more, how many. */
const NAMED = 3;

/** What a model knows, as "knows English"; null where it tells nothing, and for one that knows none but can do with any. */
export function knownWords({ kind, languages }: Pick<ModelInfo, 'kind' | 'languages'>): string | null {
  if (kind === 'lexical' || languages === null || languages.length === 0) return null;
  const names = languages.map((language) => languageName({ language, script: 'other' }));
  if (names.length <= NAMED) return `knows ${names.join(', ')}`;
  return `knows ${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;
}

/** What the search is by, as the field is named. */
export const searchName = ({ kind }: Pick<ModelInfo, 'kind'>): string =>
  kind === 'lexical' ? 'Search by words' : 'Search by meaning';

/** What was found, for a reader of the screen. */
export function foundWords({ segments, texts, users, standsOut }: SearchHits): string {
  if (segments.length + texts.length + users.length === 0) return 'Nothing is near.';
  return `${standsOut ? '' : 'Nothing stands out. '}Nearest: ${plural(segments.length, 'segment')}, ${plural(texts.length, 'text')}, ${plural(users.length, 'user')}.`;
}
