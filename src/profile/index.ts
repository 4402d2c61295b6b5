export { buildProfiles } from './build.ts';
export { inverseUserFrequency, type Rarity, rarityOf } from './idf.ts';
export { otherLengths } from './lengths.ts';
export { dropMuted } from './mute.ts';
export { poolVectors } from './pool.ts';
export { makeWindows } from './windows.ts';
