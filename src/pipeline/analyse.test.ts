import { describe, expect, test } from 'vitest';
import {
  type AnalysisResult,
  abilityError,
  CancelledError,
  DEFAULT_SETTINGS,
  type EventReader,
  type Progress,
  STAGES,
  type Stage,
  type TextEmbedder,
} from '../domain/index.ts';
import type { GpuContext } from '../gpu/index.ts';
import { onGpu } from './compute.ts';
import { fakeEmbedder, fakeReader, group, tryOut, type Visit } from './fakes.fixture.ts';

/** Three interests, the same users in three months: 20, 14 and 8. */
const STEADY: readonly Visit[] = [0, 1, 2].flatMap((month) => [
  ...group(0, month, 0, 20),
  ...group(1, month, 20, 34),
  ...group(2, month, 34, 42),
]);

const sizes = (result: AnalysisResult, window: number): number[] =>
  result.segments.filter((s) => s.window === window).map((s) => s.size);

/** Segment number of every profile of a user, by window; -1 = noise. */
function numbersOf(result: AnalysisResult, user: string): number[] {
  const { profiles, users, segments } = result;
  const rows = Array.from({ length: profiles.count }, (_, p) => p).filter((p) => users[profiles.user[p] as number] === user);
  return rows.map((p) => segments[profiles.segment[p] as number]?.number ?? -1);
}

describe('P7 progress', () => {
  test('stages are told in order, each from 0 to its end, never backwards', async () => {
    const reports: Progress[] = [];
    await tryOut(STEADY, { onProgress: (p) => reports.push(p) });
    const order = reports.map((p) => p.stage).filter((stage, i, all) => stage !== all[i - 1]);
    expect(order).toEqual([...STAGES]);
    for (const stage of STAGES) {
      const shares = reports.filter((p) => p.stage === stage).map((p) => p.done / p.total);
      expect(shares[0], stage).toBe(0);
      expect(shares.at(-1), stage).toBe(1);
      expect(
        shares.filter((s, i) => !(s >= (shares[i - 1] ?? 0) - 1e-12) || s > 1 + 1e-12),
        stage,
      ).toEqual([]);
    }
  });

  test('every stage is timed', async () => {
    const { timings } = await tryOut(STEADY);
    expect(Object.keys(timings)).toEqual([...STAGES]);
  });
});

describe('P7 cancel', () => {
  test('before the start nothing is read', async () => {
    let reads = 0;
    const real = fakeReader(STEADY);
    const reader: typeof real = { read: (...args) => real.read(...args).finally(() => reads++) };
    const run = tryOut(STEADY, { signal: AbortSignal.abort(), tools: { reader } });
    await expect(run).rejects.toThrow(CancelledError);
    expect(reads).toBe(0);
  });

  test.each(STAGES)('at the first report of "%s" the run ends there', async (stage) => {
    expect(await stageOfEnd((p) => p.stage === stage)).toBe(stage);
  });

  test.each(['read', 'embed', 'reduce', 'segment', 'track', 'drift', 'map'] satisfies Stage[])(
    'in the middle of "%s" too',
    async (stage) => {
      expect(await stageOfEnd((p) => p.stage === stage && p.done > 0 && p.done < p.total)).toBe(stage);
    },
  );

  /** Cancels at the first report that fits; the last stage that was heard of. */
  async function stageOfEnd(at: (p: Progress) => boolean): Promise<Stage | undefined> {
    const abort = new AbortController();
    const heard: Stage[] = [];
    const onProgress = (p: Progress): void => {
      heard.push(p.stage);
      if (at(p)) abort.abort();
    };
    await expect(tryOut(STEADY, { onProgress, signal: abort.signal })).rejects.toThrow(CancelledError);
    return heard.at(-1);
  }
});

describe('segments', () => {
  test('k fixed: as many in every window, numbered by size; P2 a second run is the same', async () => {
    const result = await tryOut(STEADY, { settings: { k: 3 } });
    for (const window of [0, 1, 2]) expect(sizes(result, window)).toEqual([20, 14, 8]);
    expect(result.kChoices).toEqual([0, 1, 2].map((window) => ({ window, k: 3, common: null, curve: [] })));
    const again = await tryOut(STEADY, { settings: { k: 3 } });
    expect({ ...again, timings: {} }).toEqual({ ...result, timings: {} });
  });

  test('k auto: the number of interests, window by window, with the curve that it was chosen by', async () => {
    const visits = [...STEADY, ...group(3, 2, 50, 62)];
    const result = await tryOut(visits, { settings: { kMax: 6 } });
    expect(result.kChoices.map((c) => c.k)).toEqual([3, 3, 4]);
    for (const { curve, k } of result.kChoices) {
      expect(curve.map((c) => c.k)).toEqual([2, 3, 4, 5, 6]);
      const best = Math.max(...curve.map((c) => c.silhouette));
      expect(curve.find((c) => c.silhouette === best)?.k).toBe(k);
    }
    expect(sizes(result, 2)).toEqual([20, 14, 12, 8]);
  });

  test('k auto with three users or fewer: one segment, no curve', async () => {
    const visits = [...STEADY, ...group(0, 3, 0, 1), ...group(1, 3, 20, 22)];
    const result = await tryOut(visits, { settings: { kMax: 4 } });
    expect(sizes(result, 3)).toEqual([3]);
    expect(result.kChoices[3]).toEqual({ window: 3, k: 1, common: null, curve: [] });
  });

  test('k auto with fewer profiles than kMin + 2: one segment', async () => {
    const [six, seven] = [group(0, 0, 0, 6), group(0, 0, 0, 7)];
    expect((await tryOut(six, { settings: { kMin: 5 } })).kChoices).toEqual([{ window: 0, k: 1, common: null, curve: [] }]);
    expect((await tryOut(seven, { settings: { kMin: 5 } })).kChoices[0]?.k).toBe(5);
  });

  test('k auto with fewer distinct profiles than kMax: the k that is chosen is on its curve', async () => {
    // Users with ten events have all ten texts of their topic: three distinct profiles, ten times each.
    const visits = [0, 1, 2].flatMap((topic) => group(topic, 0, 10 * topic, 10 * topic + 10, 10));
    const [choice] = (await tryOut(visits, { settings: { kMax: 6 } })).kChoices;
    expect(choice?.k).toBe(3);
    expect(choice?.curve.map(({ k }) => k)).toEqual([2, 3]);
    const [above] = (await tryOut(visits, { settings: { kMin: 5, kMax: 6 } })).kChoices;
    expect(above).toEqual({ window: 0, k: 3, common: null, curve: [] });
  });

  test('the words and examples of a segment are those of its texts', async () => {
    const { segments, tracks } = await tryOut(STEADY, { settings: { k: 3 } });
    expect(segments.slice(0, 3).map((s) => s.terms[0])).toEqual(['bread', 'stars', 'roses']);
    for (const s of segments.slice(0, 3)) expect(s.exemplars.every((text) => text.startsWith(s.terms[0] as string))).toBe(true);
    expect(tracks.map((t) => [t.firstWindow, t.lastWindow, t.size])).toEqual([
      [0, 2, 60],
      [0, 2, 42],
      [0, 2, 24],
    ]);
  });

  test('who joins and who leaves is counted at every segment, but not at the ends', async () => {
    // In the second month four readers of "stars" are gone and six new ones have come.
    const visits = [...group(0, 0, 0, 20), ...group(1, 0, 20, 40), ...group(0, 1, 0, 20), ...group(1, 1, 24, 46)];
    const { segments } = await tryOut(visits, { settings: { k: 2 } });
    const stars = segments.filter((s) => s.terms[0] === 'stars');
    expect(stars.map((s) => [s.size, s.entered, s.left])).toEqual([
      [20, 0, 4],
      [22, 6, 0],
    ]);
  });

  test('agreement with the label column: 1 where the labels are the interests', async () => {
    const labelled = STEADY.map((v) => ({ ...v, label: `topic ${v.topic}` }));
    const { agreement } = await tryOut(labelled, { settings: { k: 3 } });
    expect(agreement).toMatchObject([0, 1, 2].map((window) => ({ window, users: 42, ari: 1, accuracy: 1, f1: 1 })));
    expect(agreement[0]?.groups.map(({ label, segment }) => [label, segment])).toEqual([
      ['topic 0', 0],
      ['topic 1', 1],
      ['topic 2', 2],
    ]);
    expect((await tryOut(STEADY, { settings: { k: 3 } })).agreement).toEqual([]);
  });
});

describe('thin profiles and empty windows', () => {
  test('a thin profile is assigned to the nearest segment, marked, and in no count of users', async () => {
    const result = await tryOut([...STEADY, ...group(2, 1, 90, 91, 2)], { settings: { k: 3 } });
    expect(sizes(result, 1)).toEqual([20, 14, 8]);
    expect(numbersOf(result, 'u090')).toEqual([2]);
    expect(result.segments.find((s) => s.window === 1 && s.number === 2)).toMatchObject({ size: 8, thin: 1 });
    expect(result.windows[1]).toMatchObject({ profiles: 42, thin: 1, events: 42 * 3 + 2 });
    expect(result.flows.reduce((sum, f) => sum + f.users, 0)).toBe(2 * 42);
  });

  test('a window with thin profiles only has no segment: they are noise, and the next window is compared past it', async () => {
    const gap = STEADY.map((v) => (v.month === 1 ? { ...v, times: 1 } : v));
    const result = await tryOut(gap, { settings: { k: 3 } });
    expect(sizes(result, 1)).toEqual([]);
    expect(result.windows[1]).toMatchObject({ profiles: 0, thin: 42 });
    expect(numbersOf(result, 'u000')).toEqual([0, -1, 0]);
    expect(result.kChoices.map((c) => c.window)).toEqual([0, 2]);
    expect(result.events.map((e) => [e.kind, e.before, e.window])).toEqual(Array(3).fill(['survive', 0, 2]));
    expect([...result.profiles.x, ...result.profiles.y].every(Number.isFinite)).toBe(true);
  });

  test('a window without any event stays, and is empty', async () => {
    const result = await tryOut(
      STEADY.filter((v) => v.month !== 1),
      { settings: { k: 3 } },
    );
    expect(result.windows.map((w) => [w.name, w.profiles, w.events])).toEqual([
      ['2024-01-01', 42, 126],
      ['2024-02-01', 0, 0],
      ['2024-03-01', 42, 126],
    ]);
    expect(result.events.every((e) => e.kind === 'survive' && e.before === 0)).toBe(true);
  });

  test('users with the same profile: no more segments than distinct profiles', async () => {
    const twins = [0, 1].flatMap((topic) =>
      Array.from({ length: 10 }, (_, i) => ({ user: `t${topic}${i}`, month: 0, topic, times: 10 })),
    );
    const result = await tryOut(twins, { settings: { k: 5 } });
    expect(sizes(result, 0).length).toBeLessThanOrEqual(5);
    expect(sizes(result, 0).every((size) => size > 0)).toBe(true);
    expect(sizes(result, 0).reduce((a, b) => a + b, 0)).toBe(20);
  });
});

describe('events of types that weigh 0', () => {
  test('change nothing: not the windows, the texts that are embedded, idf or the language note', async () => {
    const seen = STEADY.map((v) => ({ ...v, type: 'loan' }));
    const muted = [0, 1, 2].flatMap((topic) => group(topic + 3, 7, 0, 60, 10)).map((v) => ({ ...v, type: 'view' }));
    const settings = { k: 3, idf: true, typeWeights: { view: 0 } };
    const [alone, result] = [await tryOut(seen, { settings }), await tryOut([...seen, ...muted], { settings })];
    const { accounting, ...rest } = alone;
    expect(result).toEqual({ ...rest, accounting: expect.anything(), timings: expect.anything() });
    expect(accounting.files[0]?.kept).toBeLessThan(result.accounting.files[0]?.kept as number);
  });
});

describe('the device', () => {
  const broken = new Proxy({} as GpuContext, {
    get: () => {
      throw abilityError('device-lost', 'The GPU was lost.', '');
    },
  });

  test('that was given up on the way is not named alone: the manifest records both', async () => {
    const result = await tryOut(STEADY, { settings: { k: 3 }, tools: { compute: onGpu(broken, 'Broken') } });
    expect(result.compute).toEqual({ device: 'webgpu, then cpu', adapter: 'Broken', threads: 1, note: 'The GPU was lost.' });
    expect(result.warnings).toEqual(['The GPU was lost.']);
    expect(result.segments).toEqual((await tryOut(STEADY, { settings: { k: 3 } })).segments);
  });
});

describe('warnings', () => {
  test('none where there is nothing to say', async () => {
    expect((await tryOut(STEADY, { settings: { k: 3 } })).warnings).toEqual([]);
  });

  test('one window only', async () => {
    const { warnings, events } = await tryOut(group(0, 0, 0, 24), { settings: { k: 1 } });
    expect(warnings).toEqual([expect.stringMatching(/one window, so nothing can be compared/)]);
    expect(events).toEqual([]);
  });

  test('segments of a few users', async () => {
    const { warnings } = await tryOut([...group(0, 0, 0, 6), ...group(0, 1, 0, 6)], { settings: { k: 2 } });
    expect(warnings).toEqual([expect.stringMatching(/segments have fewer than 10 users/)]);
  });

  test.each([
    [{ cut: 1 }, [expect.stringMatching(/^One text is longer than the model reads/)]],
    [{ cut: 1200 }, [expect.stringMatching(/^1,200 texts are longer/)]],
    [{ empty: 1 }, [expect.stringMatching(/^One text has no word that the model can read: it has no vector/)]],
    [{ empty: 2 }, [expect.stringMatching(/^2 texts have no word/)]],
  ])('texts that were cut or have no token: %o', async (change, told) => {
    const whole = fakeEmbedder();
    const embed: TextEmbedder['embed'] = async (...args) => {
      const found = await whole.embed(...args);
      return { ...found, report: { ...found.report, ...change } };
    };
    const { warnings } = await tryOut(STEADY, { settings: { k: 3 }, tools: { openEmbedder: async () => ({ ...whole, embed }) } });
    expect(warnings).toEqual(told);
  });

  test('a fixed k above the users of some windows', async () => {
    const { warnings } = await tryOut([...STEADY, ...group(0, 3, 0, 2)], { settings: { k: 3 } });
    expect(warnings).toEqual([expect.stringMatching(/1 of 4 windows have fewer than 3/)]);
  });
});

describe('refused, with what was found', () => {
  test.each<[string, readonly Visit[], object, RegExp]>([
    ['one user', group(0, 0, 0, 1, 9), {}, /All 9 events belong to one user \("u000"\)/],
    ['only thin users', group(0, 0, 0, 9, 2), {}, /No user has 3 or more events in any of the 1 windows/],
    ['k above the fullest window', STEADY, { k: 43 }, /43 segments were asked for, and the fullest window has 42 users/],
    ['k = 0', STEADY, { k: 0 }, /"number of segments" is 0/],
    ['kMin above kMax', STEADY, { kMin: 9, kMax: 3 }, /smallest k \(9\) is above the largest \(3\)/],
    ['a half-life of 0', STEADY, { halfLifeDays: 0 }, /"half-life in days" is 0/],
    ['a weight below 0', STEADY, { typeWeights: { buy: -1 } }, /weight of "buy" is -1/],
    ['all types muted', STEADY.map((v) => ({ ...v, type: 'view' })), { typeWeights: { view: 0 } }, /type that weighs 0/],
  ])('%s', async (_, visits, settings, message) => {
    const refused = { kind: 'input', message: expect.stringMatching(message), hint: expect.stringMatching(/./) };
    await expect(tryOut(visits, { settings })).rejects.toMatchObject(refused);
  });

  test.each<[string, object, RegExp]>([
    ['window spec', { windows: 'P1D/P7D' }, /"P1D\/P7D"/],
    ['time zone', { timeZone: 'Mars/Base' }, /"Mars\/Base" is not a time zone/],
    ['weight of a type', { typeWeights: { buy: Number.NaN } }, /"buy" is NaN/],
    ['silhouette sample', { silhouetteSample: 0 }, /"profiles for the silhouette" is 0/],
    ['map', { layout: { ...DEFAULT_SETTINGS.layout, epochs: 0.5 } }, /"epochs" is 0.5/],
    ['threshold', { matching: { ...DEFAULT_SETTINGS.matching, splitShare: 2 } }, /"split: share of the old" is 2/],
  ])('%s: before any file is read', async (_, settings, message) => {
    const reader: EventReader = { read: () => Promise.reject(new Error('The files were read.')) };
    await expect(tryOut(STEADY, { settings, tools: { reader } })).rejects.toThrow(message);
  });
});
