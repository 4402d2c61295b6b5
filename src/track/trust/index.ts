export { bestJaccards, meanStability } from './bootstrap.ts';
export { type ChangeNull, type ChangeRule, changeNull, changeP, falseChangeRate, judgeChange, judgeChanges } from './changes.ts';
export { alikeStability, type Half, jaccard, matchHalves, type Refit, type RefitEvent, type RefitSurvivor } from './halves.ts';
export {
  falseEventRate,
  judge,
  pValue,
  type TrustRule,
  verdictOf,
} from './judge.ts';
