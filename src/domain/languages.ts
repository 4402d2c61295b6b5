import type { LanguageShare, ModelCard, TextLanguages } from './model.ts';

/** The first three and what is left, as "Chinese 62 %, English 28 %, German 6 %, others 4 %"; '' without letters. */
export function describeShares(languages: TextLanguages): string {
  const first = languages.shares.slice(0, 3).map((share) => `${languageName(share)} ${Math.round(100 * share.share)} %`);
  const others = Math.round(100 * othersBeside(languages, 3));
  return [...first, ...(others > 0 ? [`others ${others} %`] : [])].join(', ');
}

/** Share of the texts with letters in none of the first `n` languages. */
export const othersBeside = ({ shares }: TextLanguages, n: number): number =>
  shares.length === 0 ? 0 : Math.max(0, 1 - shares.slice(0, n).reduce((sum, { share }) => sum + share, 0));

const NAMES = new Intl.DisplayNames('en', { type: 'language' });

export function languageName({ language, script }: Pick<LanguageShare, 'language' | 'script'>): string {
  if (language !== 'und') return NAMES.of(language) ?? language;
  return script === 'other' ? 'another script' : `not told (${script} script)`;
}

/** Share of the texts with letters whose language the model knows; what is too little to name is taken to be as the rest. */
export function knownShare(card: Pick<ModelCard, 'languages'>, { shares }: TextLanguages): number {
  if (card.languages === null) return 0;
  const told = shares.filter((s) => s.language !== 'und' || s.script !== 'Latin');
  const all = told.reduce((sum, { share }) => sum + share, 0);
  if (all === 0) return 0;
  if (card.languages.length === 0) return 1;
  return told.reduce((sum, { language, share }) => sum + (card.languages?.includes(language) ? share : 0), 0) / all;
}

/** Share of the texts with letters that are told to be in a language the model knows: beside {@link describeShares} the figures agree. */
export const toldShare = ({ languages }: Pick<ModelCard, 'languages'>, { shares }: TextLanguages): number =>
  shares.reduce((sum, { language, share }) => sum + (languages?.length === 0 || languages?.includes(language) ? share : 0), 0);

/** Share of the texts with letters that are surely in a language the model does not know. */
export function foreignShare({ languages }: Pick<ModelCard, 'languages'>, { shares }: TextLanguages): number {
  if (languages?.length === 0) return 0;
  const foreign = shares.filter(
    ({ language, script }) => !languages?.includes(language) && (language !== 'und' || script !== 'Latin'),
  );
  return foreign.reduce((sum, { share }) => sum + share, 0);
}
