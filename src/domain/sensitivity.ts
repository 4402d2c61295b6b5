/** What a variant of the run changes. */
export const VARIANT_GROUPS = ['k', 'eps', 'size', 'seed', 'window'] as const;
export type VariantGroup = (typeof VARIANT_GROUPS)[number];

/** 'unmeasured': too few of the users concerned are there to be seen, or nothing was other than in the run. */
export type Outcome = 'survives' | 'lost' | 'unmeasured';

/** The segments made and followed again with one choice changed. */
export interface Variant {
  readonly group: VariantGroup;
  /** As it is shown: "k + 1", "eps x 0.9", "seed 2", "P15D". */
  readonly name: string;
  /** One a change, in the order of {@link Sensitivity.changes}; null until the variant was made. */
  readonly outcomes: readonly Outcome[] | null;
}

/** Which changes are told again under other choices (track/sensitivity). */
export interface Sensitivity {
  /** Indexes of the events that are no survival, ascending. */
  readonly changes: readonly number[];
  /** Ordered by group; empty where nothing changed or nothing was tried. */
  readonly variants: readonly Variant[];
}

export const UNTRIED: Sensitivity = { changes: [], variants: [] };

export interface Survival {
  readonly survived: number;
  /** Variants that could tell. */
  readonly measured: number;
  /** Null where none could tell. */
  readonly share: number | null;
}

/** How often an event is told again, over all variants or those of one group; null for an event that was not tried. */
export function survivalOf({ changes, variants }: Sensitivity, event: number, group?: VariantGroup): Survival | null {
  const at = changes.indexOf(event);
  if (at < 0) return null;
  const outcomes = variants.filter((v) => group === undefined || v.group === group).flatMap((v) => v.outcomes?.[at] ?? []);
  const survived = outcomes.filter((o) => o === 'survives').length;
  const measured = survived + outcomes.filter((o) => o === 'lost').length;
  return { survived, measured, share: measured > 0 ? survived / measured : null };
}

/** The groups that the variants are of, in their order. */
export const groupsOf = ({ variants }: Sensitivity): VariantGroup[] =>
  VARIANT_GROUPS.filter((group) => variants.some((v) => v.group === group));
