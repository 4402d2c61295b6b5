/** What is told of trouble with kept vectors. The work goes on without in each case. */
export const CACHE_NOTES = {
  noStorage:
    'This browser keeps nothing for this page (a private window?): vectors of texts are kept in memory only, and gone with the tab.',
  inUse:
    'Another tab is using the kept vectors of this model: this run embeds all of its texts, and keeps none of their vectors.',
  full: 'The storage of this browser is full: the vectors of some texts are not kept for the next run. Removing models or kept vectors makes room.',
  tooLarge: 'The kept vectors of this model have reached their limit: the vectors of some texts are not kept for the next run.',
  begunAnew: 'The file of kept vectors was damaged and was begun anew.',
  damaged: (count: number): string =>
    count === 1
      ? 'One kept vector was damaged: its text is embedded again.'
      : `${count.toLocaleString('en')} kept vectors were damaged: their texts are embedded again.`,
  failed: (why: string): string => `Kept vectors could not be used (${why}): this run embeds its texts without.`,
} as const;

const ofName = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** In the user's words. */
export function troubleNote(error: unknown): string {
  if (ofName(error, 'NoModificationAllowedError')) return CACHE_NOTES.inUse;
  if (ofName(error, 'QuotaExceededError')) return CACHE_NOTES.full;
  return CACHE_NOTES.failed(error instanceof Error ? error.message : String(error));
}
