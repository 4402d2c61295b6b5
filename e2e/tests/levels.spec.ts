import { csvFile } from '../fixtures/app.ts';
import { illegibleTexts, unnamedControls } from '../fixtures/legibility.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

interface Tracks {
  readonly levels: readonly { readonly groups: readonly { readonly name: string }[] }[];
}

test('interest levels: the tree opens, its cuts move by key, pointer and count, and what is exported has them', async ({
  app,
  page,
}) => {
  await app.open();
  await app.choose(csvFile('small.csv', smallCsv()));
  await app.analyse();
  await page.getByText('Levels', { exact: true }).click();
  const levels = page.getByRole('region', { name: 'Levels' });
  const cut = levels.getByRole('slider', { name: 'Cut of level 2' });
  const groups = async (): Promise<number> => Number(await cut.getAttribute('aria-valuenow'));
  const before = await groups();

  await test.step('by key, and back by count', async () => {
    await cut.press('ArrowRight');
    expect(await groups()).toBe(before + 1);
    await levels.getByRole('button', { name: 'Fewer groups in level 2' }).click();
    expect(await groups()).toBe(before);
  });

  await test.step('by pointer: toward the root there are fewer, and it stays finer than level 1', async () => {
    const box = (await cut.boundingBox()) as { x: number; y: number };
    await page.mouse.move(box.x + 9, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x - 800, box.y + 8, { steps: 4 });
    await page.mouse.up();
    const coarse = await levels.getByRole('slider', { name: 'Cut of level 1' }).getAttribute('aria-valuenow');
    expect(await groups()).toBe(Number(coarse) + 1);
    const { levels: told } = JSON.parse(await app.export('Tracks (JSON)')) as Tracks;
    expect(told[1]?.groups).toHaveLength(await groups());
  });

  await test.step('a group that is chosen is chosen in all views', async () => {
    const group = levels.getByRole('button', { name: /^Level 1: / }).first();
    const name = ((await group.getAttribute('aria-label')) ?? '').replace('Level 1: ', '');
    await group.click();
    await expect(group).toHaveAttribute('aria-pressed', 'true');
    await expect(app.details).toContainText(name);
    await expect(app.details).toContainText('Level 1 of');
    expect(await unnamedControls(page)).toEqual([]);
    expect(await illegibleTexts(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(group).toHaveAttribute('aria-pressed', 'false');
  });

  await test.step('the card of a user: found by name, with the way through the windows and the mixture', async () => {
    const rows = (await app.exportAssignments()).split('\n');
    const user = rows[1]?.split(',')[0] ?? '';
    await page
      .getByRole('textbox', { name: 'Find a user' })
      .or(page.getByRole('combobox', { name: 'Find a user' }))
      .first()
      .fill(user);
    await page.getByRole('option', { name: user, exact: true }).click();
    const card = app.details.getByRole('region', { name: 'User' });
    await expect(card).toContainText(user);
    await expect(card.getByRole('button', { name: /^2024-0\d: / })).toHaveCount(4);
    await expect(card).toContainText(/Interests in 2024-01/);
    await expect(card).toContainText(/entropy \d\.\d\d of at most/);
    expect(await illegibleTexts(page)).toEqual([]);
    await card.getByRole('button', { name: /^2024-03: / }).click();
    await expect(app.map).toHaveAttribute('data-window', '2');
    await page.keyboard.press('Escape');
    await expect(card).toHaveCount(0);
  });
});
