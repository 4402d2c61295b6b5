export * from './choices.ts';
export * from './estimate.ts';
export * from './job.ts';
export * from './mapping.ts';
export * from './replay.ts';
export * from './services.ts';
export * from './store.ts';
export * from './view.ts';
