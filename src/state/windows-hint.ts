import { isWindowSpec, nominalStep, parseWindowSpec, type Survey, unitFor } from '../domain/index.ts';

/** More windows than this can hardly be looked at one by one. */
const MANY = 120;
/** So many windows let a story be seen. */
const FEW = 30;

/** What is odd about windows of this length for the events that were surveyed, with what to do; null where nothing is. */
export function windowsHint(windows: string, { first, last, counts }: Survey['overTime']): string | null {
  if (counts.length === 0 || !isWindowSpec(windows)) return null;
  const span = last - first;
  const about = (spec: string): number => Math.floor(span / nominalStep(parseWindowSpec(spec))) + 1;
  const unit = unitFor(span, FEW);
  const instead = `By the ${unit} there are about ${about(unit).toLocaleString('en-US')}.`;
  if (about(windows) === 1) return about(unit) > 1 ? `All events may fall into one window. ${instead}` : null;
  if (about(windows) <= MANY) return null;
  const told = `About ${about(windows).toLocaleString('en-US')} windows`;
  const idle = counts.filter((n) => n === 0).length;
  if (idle <= counts.length / 2) return `${told}. ${instead}`;
  return `${told}, most of them without an event: some events lie far from the rest (${day(first)}, ${day(last)}). A filter on the time can set them aside.`;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
