import { describe, expect, test } from 'vitest';
import { DEFAULT_INTAKE, DEFAULT_SETTINGS, type Intake } from '../domain/index.ts';
import { manifestJson, parseIntake, parseManifest } from './index.ts';
import { result } from './result.fixture.ts';

test('a manifest comes back as it was written, every setting included', () => {
  const manifest = parseManifest(manifestJson(result, '1.2.3'));
  expect(manifest.settings).toEqual(result.settings);
  expect(manifest.mapping).toEqual(result.mapping);
  expect(manifest.files).toEqual([{ name: 'f.csv', sha256: 'ab' }]);
  expect(manifest.app).toBe('1.2.3');
});

test('P2 a mapping is written the same, whatever the order of its keys', () => {
  const turned = Object.fromEntries(Object.entries(result.mapping).reverse()) as unknown as typeof result.mapping;
  expect(manifestJson({ ...result, mapping: turned }, '1')).toBe(manifestJson(result, '1'));
});

test('a template and columns of numbers are keys of the mapping; a manifest of before there were any joined texts by spaces', () => {
  const mapping = { ...result.mapping, text: ['a', 'b'], template: '{a} - {b}', numbers: ['seconds', 'stars'] };
  const raw = JSON.parse(manifestJson({ ...result, mapping }, ''));
  expect(parseManifest(JSON.stringify(raw)).mapping).toEqual(mapping);
  const { template, numbers, ...older } = raw.mapping;
  expect(parseManifest(JSON.stringify({ ...raw, mapping: older })).mapping).toEqual({ ...mapping, template: null, numbers: [] });
  expect(() => parseManifest(JSON.stringify({ ...raw, mapping: { ...older, template: 3 } }))).toThrow(/mapping\.template/);
  expect(() => parseManifest(JSON.stringify({ ...raw, mapping: { ...older, numbers: 'stars' } }))).toThrow(/mapping\.numbers/);
});

test('a manifest of before there were modes loads as evolving, and a mode that is none is refused', () => {
  const raw = JSON.parse(manifestJson(result, ''));
  delete raw.settings.mode;
  expect(parseManifest(JSON.stringify(raw)).settings.mode).toBe('evolving');
  raw.settings.mode = 'still';
  expect(() => parseManifest(JSON.stringify(raw))).toThrow('settings.mode cannot be "still"');
});

test('an absent setting takes its default, also inside a group', () => {
  const raw = JSON.parse(manifestJson(result, ''));
  raw.settings = { seed: 9, layout: { epochs: 50 } };
  const { settings } = parseManifest(JSON.stringify(raw));
  expect(settings).toEqual({ ...DEFAULT_SETTINGS, seed: 9, layout: { ...DEFAULT_SETTINGS.layout, epochs: 50 } });
  const joined = { ...raw, settings: { density: { reassign: 0.4 } } };
  expect(parseManifest(JSON.stringify(joined)).settings.density).toEqual({ ...DEFAULT_SETTINGS.density, reassign: 0.4 });
});

describe('of profiles and model', () => {
  const raw = JSON.parse(manifestJson(result, ''));
  const settingsOf = (settings: object) => parseManifest(JSON.stringify({ ...raw, settings })).settings;

  test('a manifest of before there were such choices loads with their defaults', () => {
    const { behaviour, words, embedding, ...older } = raw.settings;
    expect(settingsOf(older)).toEqual(result.settings);
    const { template, numbers, ...columns } = raw.mapping;
    expect(parseManifest(JSON.stringify({ ...raw, mapping: columns })).mapping).toEqual(result.mapping);
  });

  test('every choice comes back as it was', () => {
    const chosen = {
      behaviour: { weight: 0.3, features: ['recency', 'counts'] },
      words: { stopWords: false, languages: ['en', 'zh'], extra: ['foo'] },
      embedding: { model: 'Xenova/all-MiniLM-L6-v2', dtype: 'fp16', device: 'webgpu' },
    };
    expect(settingsOf(chosen)).toMatchObject(chosen);
  });

  test.each<[string, object, RegExp]>([
    ['a part of behaviour that is none', { behaviour: { features: ['clicks'] } }, /behaviour\.features cannot be \["clicks"\]/],
    ['a weight above 1', { behaviour: { weight: 2 } }, /behaviour\.weight: .* Set a number from 0 to 1/],
    ['one language without its list', { words: { languages: 'en' } }, /words\.languages cannot be "en"/],
    ['a word that is a number', { words: { extra: [1] } }, /words\.extra cannot be/],
    ['a form that is none', { embedding: { dtype: 'q2' } }, /embedding\.dtype cannot be "q2"/],
    ['a device that runs no model', { embedding: { device: 'cpu' } }, /embedding\.device cannot be "cpu"/],
  ])('%s is refused by name', (_, settings, message) => expect(() => settingsOf(settings)).toThrow(message));
});

test.each([
  ['not JSON', (): string => 'user,time\n'],
  ['another version', (m: Record<string, unknown>): string => JSON.stringify({ ...m, manifest: 99 })],
  ['an unknown setting', (m: Record<string, unknown>): string => JSON.stringify({ ...m, settings: { colour: 1 } })],
  ['a wrong type', (m: Record<string, unknown>): string => JSON.stringify({ ...m, settings: { k: 'many' } })],
  ['no mapping', (m: Record<string, unknown>): string => JSON.stringify({ ...m, mapping: undefined })],
])('a manifest with %s is refused in the words of the user', (_, damage) => {
  const text = damage(JSON.parse(manifestJson(result, '')) as Record<string, unknown>);
  expect(() => parseManifest(text)).toThrow(
    expect.objectContaining({ name: 'AppError', kind: 'input', hint: expect.stringContaining('Run manifest') }),
  );
});

test.each<[string, object, RegExp]>([
  ['silhouetteSample', { silhouetteSample: 0 }, /settings\.silhouetteSample: .* is 0\. Set a whole number from 10/],
  ['kTolerance', { kTolerance: -1 }, /settings\.kTolerance: /],
  ['k', { k: 2.5 }, /settings\.k: /],
  ['halfLifeDays', { halfLifeDays: 0 }, /settings\.halfLifeDays: /],
  ['seed', { seed: 1.5 }, /settings\.seed: /],
  ['typeWeights', { typeWeights: { buy: -1 } }, /settings\.typeWeights: The weight of "buy" is -1/],
  ['layout', { layout: { epochs: 1.5 } }, /settings\.layout\.epochs: /],
  ['density', { density: { reassign: 1.5 } }, /settings\.density\.reassign: .* is 1\.5\. Set a number from 0 to 1/],
  ['matching', { matching: { splitShare: 7 } }, /settings\.matching\.splitShare: /],
  ['levels', { levels: { cuts: [5, 2] } }, /settings\.levels\.cuts: .* 5, 2\. Set up to four/],
  ['linkage', { levels: { linkage: 'single' } }, /settings\.levels\.linkage cannot be "single"/],
])('a setting out of its bounds is refused by name: %s', (_, settings, message) => {
  const raw = JSON.parse(manifestJson(result, ''));
  expect(() => parseManifest(JSON.stringify({ ...raw, settings }))).toThrow(message);
});

test.each(['toString', 'constructor', '__proto__'])('what every object has is no setting: %s', (name) => {
  const text = manifestJson(result, '').replace('"windows":', `"${name}": 1, "windows":`);
  expect(() => parseManifest(text)).toThrow(`settings.${name} is not a setting of this version`);
});

test('look-ahead is a key of the manifest; one from before there was such a choice looked ahead', () => {
  const manifest = JSON.parse(manifestJson({ ...result, settings: { ...DEFAULT_SETTINGS, lookAhead: false } }, '1.0.0'));
  expect(parseManifest(JSON.stringify(manifest)).settings.lookAhead).toBe(false);
  const { lookAhead, ...older } = manifest.settings;
  expect(parseManifest(JSON.stringify({ ...manifest, settings: older })).settings.lookAhead).toBe(true);
  expect(() => parseManifest(JSON.stringify({ ...manifest, settings: { ...older, lookAhead: 'no' } }))).toThrow(/lookAhead/);
});

describe('how files are read, in the manifest', () => {
  const INTAKE: Intake = {
    forms: { 'a.csv': { encoding: 'gb18030', dialect: { delimiter: '::', quote: null, skip: 2, header: false }, sheet: 'one' } },
    leftOut: ['links.csv'],
    missing: ['?'],
    zone: 'Asia/Tokyo',
    decimal: ',',
    sameIds: true,
    join: { table: 'films.csv', on: 'film', key: 'id' },
    derived: [{ name: 'long', sql: 'length("text")' }],
    filter: '"rating" > 3',
    cleaning: {
      ...{ duplicates: false, repeatSeconds: 2.5, missingText: 'from-item', fill: 'median', minUserEvents: 3, maxDayEvents: 500 },
      outliers: { columns: ['price'], method: 'isolation-forest', limit: 0.6, action: 'mark' },
      text: { collapse: false, lowerCase: true, nfkc: true, stripHtml: true },
      rules: [{ column: 'invoice', test: 'starts-with', value: 'C' }],
    },
  };
  const raw = JSON.parse(manifestJson({ ...result, intake: INTAKE }, ''));
  const read = (intake: unknown): Intake => parseManifest(JSON.stringify({ ...raw, intake })).intake;

  test('comes back as it was, every key of it set', () => {
    expect(read(raw.intake)).toEqual(INTAKE);
    expect(parseIntake(JSON.stringify(INTAKE))).toEqual(INTAKE);
    expect(read(DEFAULT_INTAKE)).toEqual(DEFAULT_INTAKE);
  });

  test('of a run from before it was asked: plain files, duplicates kept; absent keys take their defaults', () => {
    expect(read(undefined)).toEqual({ ...DEFAULT_INTAKE, cleaning: { ...DEFAULT_INTAKE.cleaning, duplicates: false } });
    expect(read({ cleaning: { text: { nfkc: true } } }).cleaning).toEqual({
      ...DEFAULT_INTAKE.cleaning,
      text: { ...DEFAULT_INTAKE.cleaning.text, nfkc: true },
    });
  });

  test.each<[string, object, RegExp]>([
    ['an unknown key', { zones: 'UTC' }, /intake\.zones is not a setting/],
    ['an unknown rule', { cleaning: { robots: 3 } }, /intake\.cleaning\.robots is not/],
    ['an encoding that nothing knows', { forms: { 'a.csv': { encoding: 'ebcdic' } } }, /intake\.forms cannot be/],
    ['a dialect with a slip', { forms: { 'a.csv': { dialect: { delimeter: ';' } } } }, /intake\.forms cannot be/],
    ['an empty delimiter', { forms: { 'a.csv': { dialect: { delimiter: '' } } } }, /intake\.forms cannot be/],
    ['a half join', { join: { table: 'a.csv', on: 'x' } }, /intake\.join cannot be/],
    ['a zone that is none', { zone: 'Mars/Base' }, /intake\.zone cannot be/],
    ['a number for a mark', { decimal: 1 }, /intake\.decimal cannot be 1/],
    ['no user at all', { cleaning: { minUserEvents: 0 } }, /minUserEvents cannot be 0/],
    ['an endless number', { cleaning: { repeatSeconds: '2' } }, /repeatSeconds cannot be "2"/],
    ['an action that is none', { cleaning: { outliers: { ...INTAKE.cleaning.outliers, action: 'drop' } } }, /outliers cannot be/],
    ['a rule without its column', { cleaning: { rules: [{ test: 'zero', value: '' }] } }, /rules cannot be/],
    ['a switch that is a word', { cleaning: { text: { nfkc: 'yes' } } }, /nfkc cannot be "yes"/],
    ['a list of numbers', { missing: [1] }, /missing cannot be/],
  ])('%s is refused by name', (_, intake, message) => {
    expect(() => read(intake)).toThrow(message);
    expect(() => parseIntake(JSON.stringify(intake))).toThrow(expect.objectContaining({ kind: 'input', code: 'intake-shape' }));
  });

  test('its files are those that were dropped, a .zip once, a catalogue too', () => {
    const sources = [{ name: 'all.zip', sha256: 'cd' }];
    const written = manifestJson({ ...result, accounting: { ...result.accounting, sources } }, '');
    expect(parseManifest(written).files).toEqual(sources);
  });
});
