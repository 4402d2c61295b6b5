import { expect, test } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { umapLayout } from '../index.ts';
import { Looks } from './watch.ts';

const options = { neighbours: 10, minDist: 0.1, epochs: 30, seed: 1 };

test('a look is due at first, again when its time has passed, and at the last epoch whenever that comes', () => {
  let clock = 1000;
  const told: number[] = [];
  const looks = new Looks({ onPositions: (_, epoch) => void told.push(epoch) }, 20, () => clock);
  for (let epoch = 1; epoch <= 20; epoch++) {
    if (looks.due(epoch)) looks.tell(new Float32Array(2), epoch);
    clock += 45;
  }
  expect(told).toEqual([1, 6, 11, 16, 20]);
  expect(looks.due(20)).toBe(false);
  expect(new Looks(undefined, 20).due(20)).toBe(false);
});

test('who looks on gets copies for every row, equal rows at one place, the outcome last, and changes nothing', async () => {
  const x = uniformMatrix(60, 3, 1);
  x.data.copyWithin(3 * 59, 0, 3);
  const frames: { positions: Float32Array; epoch: number }[] = [];
  const onPositions = (positions: Float32Array, epoch: number): void => void frames.push({ positions, epoch });
  const layout = await umapLayout(x, { ...options, watch: { onPositions, every: 0 } }, CPU, silentContext);
  expect(frames.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(frames.at(-1)?.positions).toEqual(layout.data);
  expect(frames[3]?.positions).not.toEqual(frames[4]?.positions);
  for (const { positions } of frames) expect(positions.slice(118)).toEqual(positions.slice(0, 2));
  expect(await umapLayout(x, options, CPU, silentContext)).toEqual(layout);
});

test('where there is nothing to form the outcome alone is told', async () => {
  for (const rows of [0, 1, 11]) {
    const told: [number, number][] = [];
    const watch = { onPositions: (positions: Float32Array, epoch: number): void => void told.push([positions.length, epoch]) };
    await umapLayout(uniformMatrix(rows, 3, 1), { ...options, watch }, CPU, silentContext);
    expect(told).toEqual([[2 * rows, 30]]);
  }
});
