import { segmentGlobally } from './global.ts';
import { segmentWindows } from './segment.ts';

/** How the settings' mode segments the profiles. */
export const segmentBy = { evolving: segmentWindows, global: segmentGlobally } as const;
