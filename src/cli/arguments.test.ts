import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../domain/index.ts';
import { overrideMapping, overrideSettings, parseArguments } from './arguments.ts';

test('every option is read', () => {
  const args = parseArguments(
    'a.csv b.csv --map user=who,time=when,text=title+body,label=kind --windows P7D/P1D --k 8 --seed 3 --device cpu --threads 2 --json --out o'.split(
      ' ',
    ),
  );
  expect(args).toMatchObject({
    files: ['a.csv', 'b.csv'],
    out: 'o',
    threads: 2,
    json: true,
    map: { user: ['who'], time: ['when'], text: ['title', 'body'], label: ['kind'] },
    settings: { windows: 'P7D/P1D', k: 8, seed: 3, device: 'cpu' },
  });
});

test('what is not said is not set, so that a manifest can fill it', () => {
  expect(parseArguments(['a.csv', '--out', 'o'])).toMatchObject({ settings: {}, threads: null });
});

test('--label names the known groups, alone or beside a mapping that does not', () => {
  expect(parseArguments('a.csv --out o --label genre'.split(' '))).toMatchObject({ label: 'genre', map: null });
  expect(parseArguments('a.csv --out o --label genre --map user=who'.split(' '))).toMatchObject({
    label: 'genre',
    map: { user: ['who'] },
  });
  expect(parseArguments('a.csv --out o --map label=genre'.split(' ')).label).toBeNull();
});

test('algorithm, eps and minPts are settings', () => {
  const { settings } = parseArguments('a.csv --out o --algorithm dbscan --eps 0.7 --min-pts 8'.split(' '));
  expect(settings).toMatchObject({ algorithm: 'dbscan', density: { eps: 0.7, minPts: 8 } });
  expect(parseArguments('a.csv --out o --eps auto'.split(' ')).settings.density?.eps).toBe('auto');
});

test('what is said of density leaves what a manifest says of it beside', () => {
  const recorded = { ...DEFAULT_SETTINGS, density: { ...DEFAULT_SETTINGS.density, minPts: 9, reassign: 0.4 } };
  const with_ = (options: string) => overrideSettings(recorded, parseArguments(`a.csv --out o ${options}`.split(' ')).settings);
  expect(with_('--eps 0.7')).toEqual({ ...recorded, density: { ...recorded.density, eps: 0.7 } });
  expect(with_('--reassign off').density).toMatchObject({ minPts: 9, reassign: null });
  expect(with_('--reassign 0.55').density).toMatchObject({ minPts: 9, reassign: 0.55 });
  expect(with_('--seed 4')).toEqual({ ...recorded, seed: 4 });
});

test('the mode of the segments is a setting', () => {
  expect(parseArguments('a.csv --out o --mode global'.split(' ')).settings).toEqual({ mode: 'global' });
});

test('--levels is how many, the groups of each, or the heights of the cuts', () => {
  const levels = (value: string) => parseArguments(['a.csv', '--out', 'o', '--levels', value]).settings.levels;
  expect(levels('4')).toMatchObject({ count: 4, cuts: [] });
  expect(levels('2,5,12')).toMatchObject({ count: 3, cut: 'count', cuts: [2, 5, 12] });
  expect(levels('.7,0.2')).toMatchObject({ count: 2, cut: 'height', cuts: [0.7, 0.2] });
});

test('a column name may hold commas, equals signs and spaces', () => {
  expect(parseArguments(['a.csv', '--out', 'o', '--map', 'user=Name, first,time=t=0,text=x']).map).toEqual({
    user: ['Name, first'],
    time: ['t=0'],
    text: ['x'],
  });
});

test('only the named parts of a mapping are replaced', () => {
  const proposed = {
    user: 'a',
    time: 'b',
    text: ['c'],
    type: 'd',
    item: null,
    value: null,
    label: null,
    timeFormat: 'iso',
    timeOrigin: null,
    template: null,
    numbers: [],
  } as const;
  expect(overrideMapping(proposed, { user: ['z'], text: ['p', 'q'] })).toEqual({ ...proposed, user: 'z', text: ['p', 'q'] });
  const labelled = { ...proposed, label: 'q' };
  expect(overrideMapping(labelled, { text: ['p', 'q'] }), 'a group that is part of the texts is none').toMatchObject({
    label: null,
  });
  expect(overrideMapping(labelled, { text: ['q'], label: ['q'] })).toMatchObject({ label: 'q' });
});

test.each([
  [['--out', 'o'], 'No file was named'],
  [['a.csv'], '--out DIR is missing'],
  [['a.csv', '--out', 'o', '--k', 'many'], '--k many'],
  [['a.csv', '--out', 'o', '--k', '0'], '--k 0'],
  [['a.csv', '--out', 'o', '--algorithm', 'magic'], '--algorithm magic'],
  [['a.csv', '--out', 'o', '--mode', 'still'], '--mode still is not known; evolving, global are'],
  [['a.csv', '--out', 'o', '--eps', 'far'], '--eps far'],
  [['a.csv', '--out', 'o', '--min-pts', '0'], '--min-pts 0'],
  [['a.csv', '--out', 'o', '--reassign', 'all'], '--reassign all'],
  [['a.csv', '--out', 'o', '--levels', '1'], '--levels 1'],
  [['a.csv', '--out', 'o', '--levels', '2,.5'], '--levels 2,.5'],
  [['a.csv', '--out', 'o', '--levels', 'few'], '--levels few'],
  [['a.csv', '--out', 'o', '--device', 'tpu'], '--device tpu'],
  [['a.csv', '--out', 'o', '--map', 'who=x'], '"who=x"'],
  [['a.csv', '--out', 'o', '--label', 'kind', '--map', 'label=genre'], '--label kind and --map label=genre'],
  [['a.csv', '--out', 'o', '--label', ''], '--label names no column'],
  [['a.csv', '--out', 'o', '--colour', 'red'], '--colour'],
])('%j is the user`s mistake and is named', (argv, named) => {
  expect(() => parseArguments(argv)).toThrow(expect.objectContaining({ kind: 'input', message: expect.stringContaining(named) }));
});

test('look-ahead is on unless it is forbidden', () => {
  expect(parseArguments('a.csv --out o --no-look-ahead'.split(' ')).settings).toEqual({ lookAhead: false });
});
