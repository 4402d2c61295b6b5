export { type DriftParts, decomposeDrift, type SegmentDrift, sharesOfDrift, type WindowProfiles } from './decompose.ts';
export { type FeatureMap, featureMap, fourierFeatures, MMD_FEATURES, medianBandwidth } from './features.ts';
export { type MmdOptions, type MmdResult, mmdTest, type WindowFeatures } from './mmd.ts';
export { centroidShift, jensenShannonDistance } from './shift.ts';
