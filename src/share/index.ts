export { assignmentsCsv } from './assignments.ts';
export { compareFiles, manifestJson, parseManifest } from './manifest.ts';
export { accountingJson, tracksJson } from './tables.ts';
