export {
  type BehaviourPlan,
  fitScale,
  joinBehaviour,
  measureBehaviour,
  planBehaviour,
  type RobustScale,
  scaled,
  scalesOf,
  typesKnownUntil,
} from './behaviour/index.ts';
export { buildProfiles } from './build.ts';
export { type FrozenRarity, freezeRarity, inverseUserFrequency, type Rarity, rarityOf, thawRarity } from './idf.ts';
export { otherLengths } from './lengths.ts';
export { dropMuted } from './mute.ts';
export { poolVectors } from './pool.ts';
