import { csvFile } from '../fixtures/app.ts';
import { expect, test } from '../fixtures/test.ts';

/** Three shops' worth of Chinese titles; sixty users, each of one of them, in three months. */
const SHOPS = [
  '红色陶瓷杯 白色茶壶 陶瓷茶杯 玻璃水杯',
  '花园软管 园艺手套 玫瑰种子 花园铁锹',
  '小提琴入门 钢琴旋律 小提琴琴弦 钢琴教材',
].map((titles) => titles.split(' '));

function chineseCsv(): string {
  const lines = ['user,time,title,shop'];
  for (let user = 0; user < 60; user++) {
    for (const month of ['01', '02', '03']) {
      for (let day = 0; day < 6; day++) {
        const titles = SHOPS[user % 3] as string[];
        lines.push(
          `u${user},2024-${month}-${String(2 + 5 * day).padStart(2, '0')},${titles[(user + day) % 4]}${day % 2 ? '套装' : ''},shop ${user % 3}`,
        );
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

test('Chinese texts and the English model alone: the page says what is lost, offers others without asking for them, and goes by words', async ({
  app,
  page,
}) => {
  await app.open();
  await app.choose(csvFile('shop.csv', chineseCsv()));
  const card = page.getByRole('region', { name: 'Model of the texts' });
  await expect(card.getByRole('status')).toContainText('(Chinese 100 %)');
  await expect(card.getByRole('status')).toContainText('by words, not by meaning');

  await card.getByRole('status').getByRole('button', { name: 'Get bge-small-zh-v1.5…' }).click();
  const dialog = page.getByRole('dialog', { name: 'How to get bge-small-zh-v1.5' });
  await expect(dialog).toContainText('huggingface.co/Xenova/bge-small-zh-v1.5');
  await expect(dialog.getByRole('row', { name: /^onnx\/model_quantized\.onnx 24\.0 MB/ })).toBeVisible();
  await expect(dialog.getByRole('status'), 'the page as it is served forbids it, and says so').toContainText(
    'its own server only',
  );
  await expect(dialog.getByRole('button', { name: /^Yes/ })).toHaveCount(0);
  await page.keyboard.press('Escape');

  await app.analyse();
  await expect(page.getByText(/^By words, not by meaning · 1,080 events/)).toBeVisible();
  await page.getByRole('button', { name: /^Warnings/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'No model that is here knows the language' })).toBeVisible();
  await page.keyboard.press('Escape');
  // No segment mixes shops, in none of the three windows.
  const rows = (await app.exportAssignments()).trimEnd().split('\n').slice(1);
  const shopsOf = new Map<string, Set<number>>();
  for (const row of rows) {
    const [user = '', window = '', segment = ''] = row.split(',');
    const key = `${window} ${segment}`;
    shopsOf.set(key, (shopsOf.get(key) ?? new Set()).add(Number(user.slice(1)) % 3));
  }
  expect(shopsOf.size).toBeGreaterThanOrEqual(9);
  expect([...shopsOf.values()].filter(({ size }) => size > 1)).toEqual([]);
});

test('English texts keep the English model, and nothing is said', async ({ app, page }) => {
  await app.open();
  await app.trySample();
  const card = page.getByRole('region', { name: 'Model of the texts' });
  await expect(card.getByRole('button', { name: /^Model/ })).toContainText(
    /Universal Sentence Encoder Lite · texts: English (9\d|100) %/,
  );
  await expect(card.getByRole('status')).toHaveCount(0);
});
