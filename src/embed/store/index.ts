export { browserLibrary } from './browser.ts';
export { openModelFolder } from './node-folder.ts';
