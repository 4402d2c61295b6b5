import { ensureAssets, projectRoot } from './assets.ts';

await ensureAssets(projectRoot());
