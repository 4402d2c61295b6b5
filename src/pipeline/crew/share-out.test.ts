import { expect, test } from 'vitest';
import { nextTask } from '../../domain/index.ts';
import { type Member, shareOut } from './share-out.ts';

const units = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const square = async (unit: number): Promise<number> => {
  await nextTask();
  return unit * unit;
};
/** A member that is told what it did, and rejects from its `last`th unit on. */
function member(last = Number.POSITIVE_INFINITY): Member<number, number> & { readonly did: number[] } {
  const did: number[] = [];
  return {
    did,
    async work(unit) {
      if (did.length >= last) throw new Error('gone');
      did.push(unit);
      return square(unit);
    },
  };
}

test.each([0, 1, 2, 63])('%i units are each done once, and told in their order, whoever does them', async (count) => {
  const others = [member(), member()];
  const here: number[] = [];
  const work = (unit: number) => {
    here.push(unit);
    return square(unit);
  };
  expect(await shareOut(units(count), work, others)).toEqual(units(count).map((i) => i * i));
  const done = [...here, ...others.flatMap(({ did }) => did)].sort((a, b) => a - b);
  expect(done).toEqual(units(count));
});

test('the members take a part of the work', async () => {
  const other = member();
  await shareOut(units(40), square, [other]);
  expect(other.did.length).toBeGreaterThan(10);
});

test('what is told grows by one, and its first results have no gap', async () => {
  const told: number[] = [];
  const slow: Member<number, number> = {
    async work(unit) {
      for (let i = 0; i < 20; i++) await nextTask();
      return unit * unit;
    },
  };
  await shareOut(units(30), square, [slow], (done, results) => {
    told.push(done);
    expect(results.length).toBeLessThanOrEqual(done);
    expect(results).toEqual(units(results.length).map((i) => i * i));
  });
  expect(told).toEqual(units(30).map((i) => i + 1));
});

test.each([0, 3])('a member that fails after %i units leaves none undone', async (last) => {
  expect(await shareOut(units(20), square, [member(last)])).toEqual(units(20).map((i) => i * i));
});

test('what is thrown here ends the work', async () => {
  const fails = (unit: number) => (unit > 5 ? Promise.reject(new Error('cancelled')) : square(unit));
  await expect(shareOut(units(20), fails, [])).rejects.toThrow('cancelled');
});
