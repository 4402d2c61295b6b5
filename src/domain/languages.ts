import type { LanguageShare, ModelCard, TextLanguages } from './model.ts';

/** The first three, as "Chinese 92 %, English 8 %". */
export const describeShares = ({ shares }: TextLanguages): string =>
  shares
    .slice(0, 3)
    .map((share) => `${languageName(share)} ${Math.round(100 * share.share)} %`)
    .join(', ');

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
