export { assignmentsCsv } from './assignments.ts';
export { levelTables } from './levels.ts';
export { manifestJson, parseManifest } from './manifest.ts';
export { accountingJson, tracksJson } from './tables.ts';
