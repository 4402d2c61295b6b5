import type { UserMixture } from '../../state/index.ts';
import { decimal } from '../common/format.ts';

/** Least P of the strongest segment of a focused user. */
const FOCUSED = 0.5;

/** "mixed" with a second interest strong enough to be told, else "focused" with half or more in one segment, else "spread out". */
export function focusWord({ parts, secondary }: Pick<UserMixture, 'parts' | 'secondary'>): 'mixed' | 'focused' | 'spread out' {
  if (secondary) return 'mixed';
  return (parts[0]?.share ?? 0) >= FOCUSED ? 'focused' : 'spread out';
}

/** A mixture in words: `second` is the name of the second interest. */
export function mixtureWords(mixture: UserMixture, second: string): string {
  const word = focusWord(mixture);
  const figure = `entropy ${decimal(mixture.entropy)} of at most ${decimal(mixture.mostEntropy)} bits`;
  const also = mixture.secondary ? ` Second interest: “${second}”.` : '';
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}: ${figure}.${also}`;
}
