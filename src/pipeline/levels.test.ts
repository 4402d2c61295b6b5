import { describe, expect, test } from 'vitest';
import { leavesUnder, mixtureOf, nodesOfCut } from '../domain/index.ts';
import { group, tryOut, type Visit } from './fakes.fixture.ts';

/** Three interests of the same users in three months: 20, 14 and 8. */
const STEADY: readonly Visit[] = [0, 1, 2].flatMap((month) => [
  ...group(0, month, 0, 20),
  ...group(1, month, 20, 34),
  ...group(2, month, 34, 42),
]);

describe('interest levels', () => {
  test('the segments of all windows hang in one tree; a cut into as many groups as tracks gives the tracks, by name', async () => {
    const { levels, segments, tracks } = await tryOut(STEADY, { settings: { k: 3 } });
    expect(levels.tree.names).toHaveLength(2 * 9 - 1);
    expect(levels.cuts).toEqual([2, 3]);
    const groups = nodesOfCut(levels.tree, 3).map((node) => ({
      name: levels.tree.names[node],
      tracks: new Set(leavesUnder(levels.tree, node).map((leaf) => segments[leaf]?.track)),
    }));
    expect(groups.map((g) => [...g.tracks].length)).toEqual([1, 1, 1]);
    expect(groups.map((g) => g.name).sort()).toEqual(tracks.map((t) => t.name).sort());
  });

  test('a run without a segment has no tree, one with one segment no cut', async () => {
    const density = { eps: 0.001, minPts: 40, minClusterSize: 40, selection: 'eom', reassign: null } as const;
    const noise = await tryOut(STEADY, { settings: { algorithm: 'dbscan', density } });
    expect([noise.segments.length, noise.levels.tree.names, noise.levels.cuts]).toEqual([0, [], []]);
    const one = await tryOut(group(0, 0, 0, 20), { settings: { k: 1 } });
    expect([one.levels.tree.names.length, one.levels.cuts]).toEqual([1, []]);
  });
});

describe('memberships', () => {
  test('every profile has a mixture over the segments of its window, thin ones too; whoever has two interests shows both', async () => {
    const mixed = [0, 1].map((topic): Visit => ({ user: 'both', month: 0, topic, times: 3 }));
    const { membership, profiles, segments, users } = await tryOut([...STEADY, ...group(2, 1, 90, 91, 2), ...mixed], {
      settings: { k: 3, membership: { temperature: 0.25, secondaryShare: 0.1 } },
    });
    for (let p = 0; p < profiles.count; p++) {
      for (const { segment } of mixtureOf(membership, p)) expect(segments[segment]?.window).toBe(profiles.window[p]);
      expect(membership.primary[p]).toBe(profiles.segment[p]);
    }
    const row = [...profiles.user.keys()].find((p) => users[profiles.user[p] as number] === 'both') as number;
    expect(segments[membership.secondary[row] as number]?.terms[0]).toMatch(/bread|stars/);
    const alone = [...membership.secondary].filter((s, p) => p !== row && s >= 0);
    expect(alone).toEqual([]);
  });

  test('where a window has no segment there is no mixture', async () => {
    const gap = STEADY.map((v) => (v.month === 1 ? { ...v, times: 1 } : v));
    const { membership, profiles } = await tryOut(gap, { settings: { k: 3 } });
    for (let p = 0; p < profiles.count; p++) {
      expect(mixtureOf(membership, p).length > 0).toBe(profiles.window[p] !== 1);
      expect(Number.isNaN(membership.entropy[p])).toBe(profiles.window[p] === 1);
    }
  });
});
