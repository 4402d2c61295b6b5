import { describe, expect, it } from 'vitest';
import { bytes, decimal, duration, share, shorten, signed } from './format.ts';

describe('figures as they are shown', () => {
  it('sizes and times are as rough as they are known', () => {
    expect([999, 1000, 4_211_334, 523_000_000].map(bytes)).toEqual(['999 B', '1.0 kB', '4.2 MB', '523 MB']);
    expect([200, 59_400, 61_000, 1_300_000].map(duration)).toEqual(['1 s', '59 s', '1 min 1 s', '22 min']);
  });

  it('a decimal that rounds to 0 has no sign', () => {
    expect([-0.004, 0, -0.006, 1.25].map(decimal)).toEqual(['0.00', '0.00', '-0.01', '1.25']);
  });

  it('a share of nothing is not a number', () => {
    expect([share(1, 4), share(0, 0)]).toEqual(['25%', '–']);
  });

  it('changes carry a true minus sign', () => {
    expect([5, 0, -1200].map(signed)).toEqual(['+5', '±0', '−1,200']);
  });

  it('a shortened text keeps whole words where it can and never exceeds its length', () => {
    expect(shorten('garden, seeds, tools', 30)).toBe('garden, seeds, tools');
    expect(shorten('garden, seeds, tools', 16)).toBe('garden, seeds…');
    expect(shorten('aaaaaaaaaaaaaaaaaaaa', 8)).toBe('aaaaaaa…');
  });
});
