export { bestJaccards, meanStability } from './bootstrap.ts';
export { alikeStability, type Half, jaccard, matchHalves, type Refit, type RefitEvent } from './halves.ts';
export {
  changeP,
  type EventTrust,
  type FalseEventRate,
  falseEventRate,
  judge,
  pValue,
  type TrustRule,
  type Verdict,
  verdictOf,
} from './judge.ts';
