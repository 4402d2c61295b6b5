import { describe, expect, it } from 'vitest';
import { type FalseEventRate, type Trust, UNMEASURED } from '../../domain/index.ts';
import { rateWords, trustWords } from './trust-words.ts';

const trust = (falseEventRate: FalseEventRate): Trust => ({ ...UNMEASURED, stability: Float64Array.of(1), falseEventRate });

describe('trust in words', () => {
  it('the rate is told per 100 segments, after and before the verdict', () => {
    const words = rateWords(trust({ refits: 99, raw: 0.1235, stable: 0.0064, perWindow: [] }));
    expect(words).toContain('0.64 stable events per 100 segments (12.35 before the verdict). By 99 no-change re-fits.');
  });

  it('events are no survivals, so the changes of segments that go on have a rate of their own', () => {
    const measured = trust({ refits: 99, raw: 0.1, stable: 0, perWindow: [] });
    const words = rateWords({ ...measured, falseChangeRate: { ...UNMEASURED.falseChangeRate, survivors: 900, stable: 0.0074 } });
    expect(words).toContain('Of 100 segments that go on, 0.74 are told as changed.');
  });

  it('without re-fits there is no rate, and no zero', () => {
    expect(rateWords(trust(UNMEASURED.falseEventRate))).toMatch(/^Not known/);
  });

  it('trust that was stopped before its first figure is not told as measured', () => {
    expect(rateWords(UNMEASURED)).toMatch(/^Not measured/);
  });

  it('what was not measured is not told as a number', () => {
    expect(trustWords({ p: 0.01, stability: 0.987 })).toBe('p 0.01, stability 0.99');
    expect(trustWords({ p: Number.NaN, stability: 0.5 })).toBe('stability 0.50');
    expect(trustWords({ p: Number.NaN, stability: Number.NaN })).toBe('not measured');
  });
});
