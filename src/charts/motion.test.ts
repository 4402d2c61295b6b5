import { describe, expect, it } from 'vitest';
import { between, EMPTY_POSE, indexWindows, type PositionTable, poseAt, poseOf, rowsOf } from './motion.ts';

/** Users 0 and 2 in window 0, users 0 and 1 in window 2, nobody in window 1; rows are in no order on purpose. */
const TABLE: PositionTable = {
  count: 4,
  user: Uint32Array.of(2, 1, 0, 0),
  window: Uint32Array.of(0, 2, 2, 0),
  x: Float32Array.of(20, 11, 5, 1),
  y: Float32Array.of(20, 11, 5, 1),
};
const INDEX = indexWindows(TABLE, 3);
const pose = (window: number) => poseOf(TABLE, INDEX, window, () => [100, 150, 200, 255]);
const alphas = (p: { colour: Uint8Array }) => [...p.colour].filter((_, i) => i % 4 === 3);

describe('motion of users between windows', () => {
  it('rows of a window come ascending by user; an empty or unknown window has none', () => {
    expect([...rowsOf(INDEX, 0)]).toEqual([3, 0]);
    expect([...rowsOf(INDEX, 1)]).toEqual([]);
    expect([...rowsOf(INDEX, 2)]).toEqual([2, 1]);
    expect([...rowsOf(INDEX, 7)]).toEqual([]);
  });

  it('a user of both windows moves, from the one place to the other', () => {
    const motion = between(pose(0), pose(2));
    expect([...motion.to.users]).toEqual([0, 1, 2]);
    expect(poseAt(motion, 0).position[0]).toBe(1);
    expect(poseAt(motion, 0.5).position[0]).toBe(3);
    expect(poseAt(motion, 1).position[0]).toBe(5);
  });

  it('who enters fades in where it will stand, who leaves fades out where it stood', () => {
    const motion = between(pose(0), pose(2));
    expect([...poseAt(motion, 0.3).position.slice(2)]).toEqual([11, 11, 20, 20]);
    expect(alphas(poseAt(motion, 0))).toEqual([255, 0, 255]);
    expect(alphas(poseAt(motion, 0.5))).toEqual([255, 0, 0]);
    expect(alphas(poseAt(motion, 1))).toEqual([255, 255, 0]);
  });

  it('a transition turned half way goes on from where it is', () => {
    const half = poseAt(between(pose(0), pose(2)), 0.5);
    const turned = between(half, pose(0));
    expect(poseAt(turned, 0).position[0]).toBe(half.position[0]);
    expect(poseAt(turned, 1).position[0]).toBe(1);
  });

  it('a dot whose size changes grows on the way', () => {
    const grown = poseOf(
      TABLE,
      INDEX,
      0,
      () => [1, 2, 3, 4],
      (row) => (row === 3 ? 2 : 1),
    );
    expect([...pose(0).scale]).toEqual([1, 1]);
    expect([...grown.scale]).toEqual([2, 1]);
    const motion = between(pose(0), grown);
    expect([0, 0.5, 1].map((t) => poseAt(motion, t).scale[0])).toEqual([1, 1.5, 2]);
  });

  it('to and from nothing', () => {
    expect(between(EMPTY_POSE, EMPTY_POSE).to.users).toHaveLength(0);
    expect(alphas(poseAt(between(EMPTY_POSE, pose(0)), 1))).toEqual([255, 255]);
    expect(alphas(poseAt(between(pose(0), pose(1)), 1))).toEqual([0, 0]);
  });
});
