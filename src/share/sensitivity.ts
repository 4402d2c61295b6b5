import { type AnalysisResult, groupsOf, survivalOf } from '../domain/index.ts';

/**
 * How one event stands under other choices, as tracks.json has it: the share of the variants that could tell and told it again, of all and by
 * group, and each variant by name; null for an event that was not tried, as a survival is not.
 */
export function sensitivityOf({ sensitivity }: AnalysisResult, event: number) {
  const all = survivalOf(sensitivity, event);
  if (!all) return null;
  const at = sensitivity.changes.indexOf(event);
  const groups = groupsOf(sensitivity).map((group) => [group, survivalOf(sensitivity, event, group)?.share ?? null]);
  const variants = sensitivity.variants.map(({ name, outcomes }) => [name, outcomes?.[at] ?? null]);
  return { ...all, groups: Object.fromEntries(groups), variants: Object.fromEntries(variants) };
}

/** The same of every change, with what it is; for a summary. */
export const sensitivityTable = (result: AnalysisResult) =>
  result.sensitivity.changes.map((i) => {
    const event = result.events[i];
    const { share, groups } = sensitivityOf(result, i) ?? { share: null, groups: {} };
    const { kind, from, to } = event ?? { kind: null, from: [], to: [] };
    return { window: result.windows[event?.window ?? -1]?.name ?? '', kind, from, to, share, groups };
  });
