export { bestJaccards, meanStability } from './bootstrap.ts';
export { alikeStability, type Half, jaccard, matchHalves, type Refit, type RefitEvent } from './halves.ts';
export {
  changeP,
  falseEventRate,
  judge,
  pValue,
  type TrustRule,
  verdictOf,
} from './judge.ts';
