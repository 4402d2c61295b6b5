import { expect, test } from 'vitest';
import { createContext } from '../domain/index.ts';
import { createCanceller } from './index.ts';

test('P7 cancel stops the work at its next checkpoint and resolves when it has ended', async () => {
  const runs = createCanceller();
  let ended = false;
  const work = runs.start(async (signal) => {
    const ctx = createContext('read', () => {}, signal, 0);
    try {
      for (;;) await ctx.checkpoint();
    } finally {
      ended = true;
    }
  });
  work.catch(() => undefined);
  await runs.cancel();
  expect(ended).toBe(true);
  await expect(work).rejects.toMatchObject({ name: 'CancelledError' });
});

test('a wait for another thread that never answers ends too, and the next work is not cancelled', async () => {
  const runs = createCanceller();
  const work = runs.start((_, unlessCancelled) => unlessCancelled(new Promise<never>(() => {})));
  work.catch(() => undefined);
  await runs.cancel();
  await expect(work).rejects.toMatchObject({ name: 'CancelledError' });
  expect(await runs.start((_, unlessCancelled) => unlessCancelled(Promise.resolve(4)))).toBe(4);
});

test('without any work a cancel does nothing', async () => {
  const runs = createCanceller();
  await runs.cancel();
  expect(await runs.start(async (signal) => signal.aborted)).toBe(false);
});
