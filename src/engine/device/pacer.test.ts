import { expect, test } from 'vitest';
import { CancelledError, silentContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { type GpuBudget, Pacer } from './index.ts';

const BUDGET: GpuBudget = { bindingBytes: 2 ** 27, dispatchMs: 100, dispatchWork: 2 ** 46, dispatchGroups: 65535 };

/** A device of `speed` multiply-adds a millisecond, and the slices it was given. */
function paced(speed: number, budget: Partial<GpuBudget> = {}) {
  let clock = 0;
  let pending = 0;
  const finished = async () => {
    clock += pending / speed;
  };
  const gpu = { finished } as unknown as GpuContext;
  const slices: [number, number][] = [];
  const pacer = new Pacer(gpu, { ...BUDGET, ...budget }, () => clock);
  const run = (units: number, align: number, work: number, ctx = silentContext) =>
    pacer.run(
      'kernel',
      units,
      align,
      () => work,
      ctx,
      async (from, to) => {
        slices.push([from, to]);
        pending = (to - from) * work;
      },
    );
  const longest = () => Math.max(...slices.map(([from, to]) => ((to - from) * 1000) / speed));
  return { pacer, run, slices, longest };
}

test('slices cover all units once, in order, from multiples of the alignment', async () => {
  const { run, slices } = paced(2 ** 17, { dispatchWork: 3000 });
  await run(1000, 64, 10);
  expect(slices[0]?.[0]).toBe(0);
  expect(slices.at(-1)?.[1]).toBe(1000);
  for (const [i, [from]] of slices.entries()) {
    expect(from % 64).toBe(0);
    if (i > 0) expect(slices[i - 1]?.[1]).toBe(from);
  }
});

test('on a slow adapter and on a fast one the pieces come to about 100 ms, and never far beyond', async () => {
  for (const speed of [2 ** 18, 2 ** 22, 2 ** 28]) {
    const { run, slices, longest } = paced(speed);
    await run(Math.ceil((speed * 3000) / 1000), 1, 1000);
    const ms = (at: number): number =>
      (((slices[at] as [number, number])[1] - (slices[at] as [number, number])[0]) * 1000) / speed;
    expect(ms(slices.length - 2), `speed ${speed}`).toBeGreaterThan(80);
    expect(longest(), `speed ${speed}`).toBeLessThan(Math.max(150, 2 ** 27 / speed + 1));
  }
});

test('what was measured is remembered for the device, and a small measure is not trusted far', () => {
  const { pacer } = paced(1);
  pacer.tell('kernel', 1000, 0.001);
  expect(pacer.workAtOnce('kernel')).toBe(4000);
  pacer.tell('kernel', 2 ** 30, 50);
  expect(pacer.workAtOnce('kernel')).toBe(2 ** 31);
  expect(pacer.workAtOnce('other')).toBe(2 ** 27);
});

test('pieces grow again where each is answered late, however small', () => {
  const { pacer } = paced(1);
  pacer.tell('kernel', 2 ** 30, 50);
  pacer.tell('kernel', 1000, 150);
  expect(pacer.workAtOnce('kernel')).toBe(2 ** 22);
  pacer.tell('small', 1000, 150);
  expect(pacer.workAtOnce('small')).toBe(4000);
});

test('one unit that is more than a dispatch should hold still runs', async () => {
  const { run, slices } = paced(2 ** 20, { dispatchWork: 5 });
  await run(3, 1, 1000);
  expect(slices).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test('P7 it can be cancelled between two dispatches', async () => {
  const { run, slices } = paced(2 ** 20, { dispatchWork: 5 });
  let left = 2;
  const ctx = {
    progress: () => {},
    checkpoint: async () => {
      if (left-- === 0) throw new CancelledError();
    },
  };
  await expect(run(10, 1, 1000, ctx)).rejects.toThrow(CancelledError);
  expect(slices.length).toBe(3);
});
