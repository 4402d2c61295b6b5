import { describe, expect, test } from 'vitest';
import { held, keyed } from './use-slider.ts';
import { coreWords, joinWords, noiseWords, reachWords } from './words.ts';

const range = { min: 0, max: 0.97, step: 0.01, page: 0.1 };

describe('slider', () => {
  test('arrows go a step, the page keys ten, Home and End to the ends; other keys are not its own', () => {
    const to = (key: string): number | null => keyed(key, 0.5, range);
    expect(['ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft'].map(to)).toEqual([0.51, 0.51, 0.49, 0.49]);
    expect(['PageUp', 'PageDown', 'Home', 'End'].map(to)).toEqual([0.6, 0.4, 0, 0.97]);
    expect(['Tab', ' ', 'toString'].map(to)).toEqual([null, null, null]);
  });

  test('a value stays in the range and on the steps, without the dust of floating point', () => {
    expect([0.1 + 0.2, -3, 3, 0.9749].map((value) => held(value, range))).toEqual([0.3, 0, 0.97, 0.97]);
    expect(keyed('ArrowRight', 0.28999, range)).toBe(0.3);
  });
});

describe('words', () => {
  const curve = { distance: new Float32Array(), share: new Float32Array() };

  test('a common eps and one for each window are told apart', () => {
    expect(reachWords({ eps: 0.5, knee: 0.5, curve }, 'auto')).toMatch(/Each window .* here 0\.5\./);
    expect(reachWords({ eps: 0.6, knee: Math.fround(0.4823), curve }, 0.6)).toMatch(/all windows: 0\.6\. .* at 0\.482\./);
    expect(reachWords({ eps: 0.5, knee: 0.5, curve }, 'auto', 'global')).toMatch(/^One fit and one eps .* 0\.5, the knee/);
  });

  test('shares are of the users that count', () => {
    expect(coreWords(0.52, 0.874, 5)).toMatch(/^At eps 0\.52 about 87% of this window's users are core, with 5 or more/);
    expect(noiseWords({ noise: 30, users: 400 }, { noise: 100, users: 2000 })).toMatch(/^8% .*\(30 of 400\).* 5%\.$/);
    expect(noiseWords({ noise: 0, users: 0 }, { noise: 0, users: 0 })).toMatch(/^– /);
  });

  test('a few of many are under 1%, none are 0%', () => {
    expect(noiseWords({ noise: 0, users: 400 }, { noise: 4, users: 2000 })).toMatch(/^0% .* under 1%\.$/);
  });

  test('a threshold tells who joins and what stays; none that noise stays', () => {
    expect(joinWords(0.6, 30, 40, 200)).toBe(
      'From a cosine of 0.6 on, 30 of the 40 users left out (75%) join their nearest segment; 10 of all 200 users (5%) would stay noise.',
    );
    expect(joinWords(null, 0, 1, 200)).toMatch(/None of the 1 user left out joins/);
  });
});
