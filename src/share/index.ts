export { assignmentsCsv } from './assignments.ts';
export { levelTables } from './levels.ts';
export { manifestJson, parseIntake, parseManifest } from './manifest.ts';
export { sensitivityTable } from './sensitivity.ts';
export { accountingJson, tracksJson } from './tables.ts';
