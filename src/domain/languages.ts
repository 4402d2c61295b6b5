import type { LanguageShare, TextLanguages } from './model.ts';

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
