import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../domain/index.ts';
import { overrideSettings, parseArguments } from './arguments.ts';

const parse = (options: string, ...more: string[]) =>
  parseArguments(['a.csv', '--out', 'o', ...options.split(' ').filter(Boolean), ...more]);
const settingsOf = (options: string) => parse(options).settings;

test('weights of types, half-life and idf are settings', () => {
  expect(settingsOf('--type-weight view=0.2,buy=3 --half-life 14 --idf')).toEqual({
    typeWeights: { view: 0.2, buy: 3 },
    halfLifeDays: 14,
    idf: true,
  });
  expect(settingsOf('--half-life off')).toEqual({ halfLifeDays: null });
});

test('the name of a type may hold commas and equals signs', () => {
  expect(settingsOf('--type-weight a,b=2,c=d=0').typeWeights).toEqual({ 'a,b': 2, 'c=d': 0 });
});

test('behaviour has a weight, and parts where not all are meant', () => {
  expect(settingsOf('--behaviour .3')).toEqual({ behaviour: { weight: 0.3 } });
  expect(settingsOf('--behaviour 1:counts+recency')).toEqual({ behaviour: { weight: 1, features: ['counts', 'recency'] } });
});

test('stop words are those of the languages found, of some, or none, and the user’s own', () => {
  expect(settingsOf('--stop-words off').words).toEqual({ stopWords: false });
  expect(settingsOf('--stop-words auto').words).toEqual({ stopWords: true, languages: 'auto' });
  expect(settingsOf('--stop-words en+DE').words).toEqual({ stopWords: true, languages: ['en', 'de'] });
  expect(parse('', '--extra-stop-words', 'Foo, bar,').settings.words).toEqual({ extra: ['foo', 'bar'] });
});

test('the model, its form and its device are wishes', () => {
  expect(settingsOf('--model Xenova/bge-small-zh-v1.5 --dtype q8 --embed-device wasm').embedding).toEqual({
    model: 'Xenova/bge-small-zh-v1.5',
    dtype: 'q8',
    device: 'wasm',
  });
});

test('template and columns of numbers are of the mapping', () => {
  expect(parse('--numbers price+stay', '--template', '{action} {title}')).toMatchObject({
    template: '{action} {title}',
    numbers: ['price', 'stay'],
  });
  expect(parse('--map user=u,numbers=price+stay').map?.numbers).toEqual(['price', 'stay']);
  expect(parse('')).toMatchObject({ template: null, numbers: null });
});

test('what is said of a group leaves what a manifest says of it beside', () => {
  const recorded = {
    ...DEFAULT_SETTINGS,
    behaviour: { weight: 0.5, features: ['recency'] as const },
    words: { stopWords: false, languages: ['fr'], extra: ['x'] },
    embedding: { model: 'm', dtype: 'fp16', device: 'webgpu' } as const,
  };
  const given = overrideSettings(recorded, settingsOf('--behaviour .1 --stop-words en --dtype q4'));
  expect(given.behaviour).toEqual({ weight: 0.1, features: ['recency'] });
  expect(given.words).toEqual({ stopWords: true, languages: ['en'], extra: ['x'] });
  expect(given.embedding).toEqual({ model: 'm', dtype: 'q4', device: 'webgpu' });
  expect(overrideSettings(recorded, settingsOf(''))).toEqual(recorded);
});

test.each<[string, RegExp]>([
  ['--type-weight buy', /"buy" is not TYPE=WEIGHT/],
  ['--type-weight buy=much', /--type-weight buy much is not a number/],
  ['--type-weight buy=-1', /is not a number of at least 0/],
  ['--type-weight =2', /is not TYPE=WEIGHT/],
  ['--half-life soon', /--half-life soon/],
  ['--behaviour 1.5', /from 0 to 1/],
  ['--behaviour 30%', /is not a number/],
  ['--behaviour .3:clicks', /"clicks" is no part of behaviour/],
  ['--behaviour .3:', /"" is no part of behaviour/],
  ['--stop-words english', /"english" is no language code/],
  ['--dtype int4', /--dtype int4 is none of auto, fp32, fp16, q8, int8, q4/],
  ['--stop-words en+xx', /no stop words of "xx" are known; those of ar, bg, .*, zh are/],
  ['--embed-device cpu', /--embed-device cpu is none of auto, wasm\./],
  ['--embed-device webgpu', /--embed-device webgpu: models run on WebGPU in a browser only/],
  ['--model=', /--model names no model/],
  ['--template=', /--template is empty/],
  ['--numbers=', /--numbers {2}is not COLUMN/],
  ['--numbers a --map numbers=b', /named twice/],
])('%s is refused in one clear line', (options, message) => expect(() => parse(options)).toThrow(message));
