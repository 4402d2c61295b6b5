import { describe, expect, test } from 'vitest';
import { AppError, CALENDAR_UNITS, isWindowSpec, nominalStep, parseWindowSpec } from '../domain/index.ts';
import { otherLengths } from './index.ts';

const DAY = 86_400_000;
const days = (spec: string): number => nominalStep(parseWindowSpec(spec)) / DAY;

describe('windows half and twice as long', () => {
  test.each(CALENDAR_UNITS)('%s: to within a day, or half of the unit', (unit) => {
    const others = otherLengths(unit).map(days);
    const expected = (unit === 'hour' ? [2] : [0.5, 2]).map((factor) => factor * days(unit));
    expect(others).toHaveLength(expected.length);
    for (const [i, length] of others.entries()) expect(Math.abs(length - (expected[i] as number))).toBeLessThan(1);
  });

  test.each([
    ['P14D', ['P7D', 'P28D']],
    ['P7D', ['P4D', 'P14D']],
    ['P1D', ['PT12H', 'P2D']],
    ['PT6H', ['PT3H', 'PT12H']],
    ['PT1H', ['PT2H']],
    ['P28D/P7D', ['P14D/P4D', 'P56D/P14D']],
    ['P2D/P1D', ['P1D/PT12H', 'P4D/P2D']],
    ['P1D/PT1H', ['PT12H/PT1H', 'P2D/PT2H']],
  ])('%s: %j', (spec, others) => {
    expect(otherLengths(spec)).toEqual(others);
    expect(others.every(isWindowSpec)).toBe(true);
  });

  test('a spec that is none is refused', () => {
    expect(() => otherLengths('fortnight')).toThrow(AppError);
  });
});
