export { buildProfiles, inverseUserFrequency } from './build.ts';
export { poolVectors } from './pool.ts';
export { makeWindows } from './windows.ts';
