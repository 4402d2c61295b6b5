import { describe, expect, test } from 'vitest';
import { NO_LANGUAGES } from '../domain/index.ts';
import { measureLanguages } from './index.ts';
import { SHORT_TITLES, TITLES } from './titles.fixture.ts';

const titles = (language: string): readonly string[] => TITLES[language] as readonly string[];
const shareOf = async (language: string, texts: readonly string[]): Promise<number> =>
  (await measureLanguages(texts)).shares.find((s) => s.language === language)?.share ?? 0;

describe('the languages of texts', () => {
  test.each(Object.keys(TITLES))('short titles of shops in %s are told as such', async (language) => {
    expect(await shareOf(language, titles(language))).toBeGreaterThan(0.85);
  });

  test.each([
    ['en', 'de'],
    ['sv', 'fi'],
    ['ru', 'uk'],
    ['es', 'pt'],
    ['en', 'zh'],
  ])('a mixture of %s and %s by half is told by half, give or take a sixth', async (a, b) => {
    const n = Math.min(titles(a).length, titles(b).length);
    const mixed = [...titles(a).slice(0, n), ...titles(b).slice(0, n)];
    for (const language of [a, b]) expect(Math.abs((await shareOf(language, mixed)) - 0.5), language).toBeLessThan(1 / 6);
  });

  test.each(Object.keys(SHORT_TITLES))('names of two and three words in %s make up no other language', async (language) => {
    const { shares } = await measureLanguages(SHORT_TITLES[language] as readonly string[]);
    const others = shares.filter((s) => s.language !== language && s.language !== 'und');
    expect(others).toEqual([]);
    expect(shares[0]?.share).toBeGreaterThan(0.85);
  });

  test.each([
    ['en', 'de'],
    ['en', 'fr'],
    ['en', 'it'],
    ['en', 'tr'],
    ['pl', 'en'],
    ['nl', 'de'],
  ])('of short names in %s and 30 %% in %s both are told', async (main, other) => {
    const of = (language: string, n: number): string[] => {
      const names = SHORT_TITLES[language] as readonly string[];
      return Array.from({ length: n }, (_, i) => names[(7 * i) % names.length] as string);
    };
    const mixed = [...of(main, 70), ...of(other, 30)];
    expect(Math.abs((await shareOf(main, mixed)) - 0.7), main).toBeLessThan(0.12);
    expect(Math.abs((await shareOf(other, mixed)) - 0.3), other).toBeLessThan(0.12);
  });

  test('shares sum to 1, the largest first, with the script of each', async () => {
    const { shares, looked, lettered } = await measureLanguages([...titles('en'), ...titles('ja').slice(0, 3), '12', '']);
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 2);
    expect(shares[0]).toMatchObject({ language: 'en', script: 'Latin' });
    expect(shares).toContainEqual({ language: 'ja', script: 'Japanese', share: 3 / 15 });
    expect([looked, lettered]).toEqual([17, 15]);
  });

  test.each([[[]], [['12', '?!', '']]])('without letters nothing is told: %j', async (texts) => {
    expect(await measureLanguages(texts)).toEqual({ ...NO_LANGUAGES, looked: texts.length });
  });

  test('Chinese characters alone are Japanese among Japanese texts, and Chinese among their own', async () => {
    expect(await shareOf('ja', ['婦人服', '赤い靴', 'お茶を飲みます'])).toBe(1);
    expect(await shareOf('zh', ['婦人服', '我反對這個意見', '赤い靴'])).toBeCloseTo(2 / 3, 9);
  });

  test('a script that nothing is known of is told as such', async () => {
    expect((await measureLanguages(['ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ'])).shares).toEqual([{ language: 'und', script: 'other', share: 1 }]);
  });

  test('P2 the order of the texts changes nothing while all of them are looked at', async () => {
    const mixed = [...titles('fr'), ...titles('it'), ...titles('en')];
    const [there, back] = [await measureLanguages(mixed), await measureLanguages([...mixed].reverse())];
    expect(back.shares.map(({ language }) => language)).toEqual(there.shares.map(({ language }) => language));
    there.shares.forEach(({ share }, i) => {
      expect(back.shares[i]?.share).toBeCloseTo(share, 6);
    });
  });

  test('looks at texts from everywhere in the list, in little time', async () => {
    const texts = Array.from({ length: 200_000 }, (_, i) => (i < 6000 ? 'a short one' : `測試文字${i}`));
    await measureLanguages(['load']);
    const start = process.cpuUsage();
    expect(await shareOf('zh', texts)).toBeCloseTo(0.97, 2);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});
