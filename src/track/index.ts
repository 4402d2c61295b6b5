export { type TrackInput, type TrackResult, trackSegments } from './segments.ts';
