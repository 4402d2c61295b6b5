import type { DensitySettings, Mode, Reach } from '../../domain/index.ts';
import { count, plural, share } from '../common/format.ts';

/** eps and cosines as they are read: three decimals, no more zeros than needed. */
export const figure = (value: number): string => String(Number(value.toFixed(3)));

/** Where the eps of a window came from. */
export function reachWords({ eps, knee }: Reach, asked: DensitySettings['eps'], mode: Mode = 'evolving'): string {
  if (mode === 'global') {
    const from = asked === 'auto' ? 'the knee of its curve' : `as set; the knee of its curve is at ${figure(knee)}`;
    return `One fit and one eps for all windows: ${figure(eps)}, ${from}.`;
  }
  if (asked === 'auto') return `Each window takes the knee of its own curve as eps: here ${figure(knee)}.`;
  return `One eps for all windows: ${figure(eps)}. The knee of this window's curve is at ${figure(knee)}.`;
}

/** What an eps would mean, as far as the curve tells: how far from core the others are it does not say. */
export const coreWords = (eps: number, core: number, minPts: number, mode: Mode = 'evolving'): string =>
  `At eps ${figure(eps)} about ${percent(core)} of ${mode === 'global' ? 'the profiles of all windows' : "this window's users"} are core, with ${minPts} or more within it, themselves included. The others are noise, unless they are that near to a core user.`;

/** Users in no segment, of this window and of all. */
export const noiseWords = (window: Counted, all: Counted): string =>
  `${part(window.noise, window.users)} of the users are noise (${count(window.noise)} of ${count(window.users)}); over all windows ${part(all.noise, all.users)}.`;

export interface Counted {
  readonly noise: number;
  readonly users: number;
}

/** What a threshold would do to the users of all windows; null is none. */
export function joinWords(least: number | null, joins: number, leftOut: number, users: number): string {
  if (least === null) return `None of the ${plural(leftOut, 'user')} left out joins a segment: noise stays noise.`;
  return `From a cosine of ${figure(least)} on, ${count(joins)} of the ${plural(leftOut, 'user')} left out (${share(joins, leftOut)}) join their nearest segment; ${count(leftOut - joins)} of all ${plural(users, 'user')} (${part(leftOut - joins, users)}) would stay noise.`;
}

const percent = (of: number): string => share(of, 1);

/** A share that is not nothing is not told as 0. */
const part = (of: number, whole: number): string => (of > 0 && of < whole / 200 ? 'under 1%' : share(of, whole));
