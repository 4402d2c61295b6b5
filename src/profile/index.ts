export { buildProfiles } from './build.ts';
export { type FrozenRarity, freezeRarity, inverseUserFrequency, type Rarity, rarityOf, thawRarity } from './idf.ts';
export { otherLengths } from './lengths.ts';
export { dropMuted } from './mute.ts';
export { poolVectors } from './pool.ts';
