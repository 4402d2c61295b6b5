import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, type TrackEvent } from '../../domain/index.ts';
import { describeEvent } from './words.ts';

const names = (track: number): string => ['', 'garden', 'crime', 'poetry'][track] ?? '?';
const event = (change: Partial<TrackEvent>): TrackEvent => ({
  window: 1,
  before: 0,
  kind: 'survive',
  from: [1],
  to: [1],
  users: 40,
  segments: [0, 1],
  effect: 0,
  tentative: false,
  host: null,
  sizeChange: null,
  centroidCosine: null,
  changes: [],
  ...change,
});

describe('events in words', () => {
  it.each<[Partial<TrackEvent>, string]>([
    [{ kind: 'split', to: [1, 2, 3] }, 'garden splits into garden; crime and poetry; 40 users moved along.'],
    [{ kind: 'merge', from: [1, 2] }, 'garden and crime merge into garden; 40 users moved along.'],
    [{ kind: 'emerge', from: [], users: 1 }, 'garden appears with 1 user.'],
    [{ kind: 'disappear', to: [] }, 'garden is gone; it had 40 users.'],
    [
      { kind: 'disappear', to: [], host: 3 },
      'garden is gone; it had 40 users, and most of those who are still there went to poetry.',
    ],
    [
      { kind: 'reorganise', from: [1, 2], to: [3, 4, 5] },
      '2 into 3: garden and crime are now poetry; ? and ?. 40 users moved along; no track goes on.',
    ],
    [{ kind: 'resurface', from: [] }, 'garden comes back with 40 users.'],
    [{ sizeChange: -12.4 }, 'garden goes on, size −12 %.'],
  ])('%o', (change, words) => {
    expect(describeEvent(event(change), names)).toBe(words);
  });

  it('every kind has a sentence', () => {
    for (const kind of EVENT_KINDS) expect(describeEvent(event({ kind }), names)).toMatch(/\.$/);
  });
});
