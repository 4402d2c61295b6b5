export { createModelLibrary, type ModelLibrary } from './library.ts';
