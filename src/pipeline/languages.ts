import type { EventTable, Settings, TextLanguages, TimeWindow } from '../domain/index.ts';
import { measureLanguages } from '../embed/index.ts';
import type { RunState } from './memory.ts';

/**
 * The languages that choose the model and the stop words. With look-ahead those of all texts, and of a run that adds data those of the run before; without
 * it those of the first window alone, which later windows may know and later data leave as they are.
 */
export async function languagesOf(
  events: EventTable,
  windows: readonly TimeWindow[],
  { lookAhead }: Pick<Settings, 'lookAhead'>,
  before: RunState | null,
): Promise<TextLanguages> {
  if (!lookAhead) return measureLanguages(textsBefore(events, windows[0]?.end ?? Number.POSITIVE_INFINITY));
  return before?.result.languages ?? measureLanguages(events.texts);
}

/** Distinct texts of the events before `end`, in their order. */
function textsBefore({ texts, text, time }: EventTable, end: number): string[] {
  const met = new Uint8Array(texts.length);
  for (const [event, id] of text.entries()) if ((time[event] as number) < end) met[id] = 1;
  return texts.filter((_, id) => met[id] === 1);
}

/** Texts that a lexical model counts its words over: none without look-ahead, and those of the run that first froze them for data that are added. */
export const corpusOf = (
  { texts }: EventTable,
  { lookAhead }: Pick<Settings, 'lookAhead'>,
  before: RunState | null,
): readonly string[] => (lookAhead ? (before?.corpus ?? texts) : []);
