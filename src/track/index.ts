export * from './change/index.ts';
export * from './drift/index.ts';
export { matchFixed, trackFixed } from './fixed.ts';
export { lifecycles, type WindowLifecycle } from './lifecycle.ts';
export { LEAST_SHARE, type MembershipInput, softMembership } from './membership.ts';
export { type Memberships, migrationMatrix, netFlows, rowPercent } from './migration.ts';
export { userChanges } from './paths.ts';
export { type TrackInput, type TrackResult, trackSegments } from './segments.ts';
export { type Story, survivals, usersConcerned } from './sensitivity.ts';
export { type FlowCounts, type FlowTests, type HypergeometricTail, holm, hypergeometricTail, testFlows } from './significance.ts';
export {
  alikeStability,
  bestJaccards,
  type ChangeRule,
  changeNull,
  falseChangeRate,
  falseEventRate,
  type Half,
  judge,
  judgeChange,
  judgeChanges,
  matchHalves,
  meanStability,
  type Refit,
  type TrustRule,
  verdictOf,
} from './trust/index.ts';
