export { buildProfiles, inverseUserFrequency } from './build.ts';
export { otherLengths } from './lengths.ts';
export { dropMuted } from './mute.ts';
export { poolVectors } from './pool.ts';
export { makeWindows } from './windows.ts';
