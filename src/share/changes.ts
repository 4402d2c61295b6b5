import { type ChangeTrust, changeKind, type FalseChangeRate, type SurvivorChange, type TrackEvent } from '../domain/index.ts';
import { known } from './movement.ts';

/**
 * The changes of a survival, as tracks.json has them: `sizeChange` (shares of the window's users), `compactness` and `shift`, each with its
 * 95 % interval, p and verdict, null where it could not be measured; nothing for other events. `kind` names its direction, `chance` is the shift
 * that chance alone shows and is not part of `amount`.
 */
export function changesTable({ kind, changes }: TrackEvent, trust: readonly ChangeTrust[]) {
  if (kind !== 'survive') return {};
  const of = (measure: SurvivorChange['measure']) => {
    const i = changes.findIndex((c) => c.measure === measure);
    const change = changes[i];
    return change ? changeRow(change, trust[i]) : null;
  };
  return { sizeChange: of('size'), compactness: of('compactness'), shift: of('shift') };
}

function changeRow(change: SurvivorChange, trust: ChangeTrust | undefined) {
  const { measure, before, after, amount, low, high, chance } = change;
  const ends = measure === 'shift' ? { chance } : { before, after };
  const judged = { p: known(trust?.p), verdict: trust?.verdict ?? null };
  return { kind: changeKind(change), ...ends, amount, low, high, ...judged };
}

/** Share of the re-fits' survivors of which a change would have been told. */
export function falseChanges({ survivors, stable, byMeasure }: FalseChangeRate) {
  const { size, compactness, shift } = byMeasure;
  return {
    survivors,
    stable: known(stable),
    byMeasure: { size: known(size), compactness: known(compactness), shift: known(shift) },
  };
}
