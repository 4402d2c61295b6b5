import { expect, it } from 'vitest';
import type { SurvivorChange } from '../../domain/index.ts';
import { describeChange } from './change-words.ts';

const change = (parts: Partial<SurvivorChange>): SurvivorChange => ({
  ...{ measure: 'size', before: 0.081, after: 0.124, amount: 0.043, low: 0.031, high: 0.055, strength: 5, chance: 0 },
  ...parts,
});

it.each<[Partial<SurvivorChange>, string]>([
  [{}, 'garden grew from 8.1 % to 12.4 % of users (+3.1 to +5.5 points).'],
  [
    { after: 0.06, amount: -0.021, low: -0.04, high: -0.0001 },
    'garden shrank from 8.1 % to 6.0 % of users (−4.0 to ±0.0 points).',
  ],
  [
    { measure: 'compactness', before: 0.8, after: 0.85, amount: 0.05, low: 0.02, high: 0.08 },
    'garden became tighter: mean cosine to its centre from 0.800 to 0.850 (+0.020 to +0.080).',
  ],
  [
    { measure: 'compactness', before: 0.8, after: 0.75, amount: -0.05, low: -0.08, high: -0.02 },
    'garden became looser: mean cosine to its centre from 0.800 to 0.750 (−0.080 to −0.020).',
  ],
  [
    { measure: 'shift', before: null, after: null, amount: 0.031, low: 0.02, high: 0.045, chance: 0.004 },
    'The centre of garden moved by 0.0310 (0.0200 to 0.0450), beyond the 0.0040 of chance.',
  ],
])('a change is told with its ends and its interval: %o', (parts, words) => {
  expect(describeChange(change(parts), 'garden').replaceAll('\u00a0', ' ')).toBe(words);
});
