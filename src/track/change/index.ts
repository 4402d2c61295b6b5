export { normalTail } from './estimate.ts';
export { pairWindows, survivorChanges, type WindowPair, type WindowUsers, windowUsers } from './survivor.ts';
export { comeAndGo, stayRate } from './turnover.ts';
