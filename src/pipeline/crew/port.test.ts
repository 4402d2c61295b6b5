import { expect, test } from 'vitest';
import { nextTask } from '../../domain/index.ts';
import { type CrewThread, type FromMember, memberOn, serveMember, type ToMember } from './port.ts';

interface Fake extends CrewThread<number, number, number> {
  die(): void;
}

/** A thread in this one; messages take a task. */
function fakeThread(work: (state: number, unit: number) => Promise<number>): Fake {
  let hear: (message: FromMember<number>) => void = () => {};
  let hearInside: (message: ToMember<number, number>) => void = () => {};
  let die = (): void => {};
  serveMember<number, number, number>(
    {
      post: (message) => void nextTask().then(() => hear(structuredClone(message))),
      onMessage: (listener) => {
        hearInside = listener;
      },
    },
    work,
  );
  return {
    post: (message) => void nextTask().then(() => hearInside(structuredClone(message))),
    onMessage: (listener) => {
      hear = listener;
    },
    onDeath: (listener) => {
      die = listener;
    },
    end: () => {},
    die: () => die(),
  };
}

test('a member answers each unit by the state it was given, one unit at a time', async () => {
  let inside = 0;
  const member = memberOn(
    fakeThread(async (state, unit) => {
      expect(++inside).toBe(1);
      await nextTask();
      inside--;
      return state * unit;
    }),
    7,
  );
  expect(await Promise.all([1, 2, 3].map((unit) => member.work(unit)))).toEqual([7, 14, 21]);
});

test('a unit that fails is rejected with its reason, and the next one is done', async () => {
  const member = memberOn(
    fakeThread(async (_, unit) => {
      if (unit === 2) throw new Error('two');
      return unit;
    }),
    0,
  );
  const [one, two, three] = await Promise.allSettled([1, 2, 3].map((unit) => member.work(unit)));
  expect(one).toMatchObject({ value: 1 });
  expect(two).toMatchObject({ reason: { message: 'two' } });
  expect(three).toMatchObject({ value: 3 });
});

test('a thread that dies rejects what it had in hand, and whatever comes after', async () => {
  const thread = fakeThread(() => new Promise(() => {}));
  const member = memberOn(thread, 0);
  const asked = member.work(1);
  thread.die();
  await expect(asked).rejects.toThrow('died');
  await expect(member.work(2)).rejects.toThrow('died');
});
