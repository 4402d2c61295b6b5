import { type App, csvFile } from '../fixtures/app.ts';
import { expect, test } from '../fixtures/test.ts';

const TITLES = ['Reading lamp', 'Wooden rake', 'Field guide to birds', 'Tea kettle', 'Watering can', 'Atlas of rivers'];
const CATEGORIES = ['Home', 'Garden', 'Books', ''];
const ACTIONS = ['viewed', 'viewed', 'viewed', 'bought'];

/** 40 users over four months; half of them look at the first titles, half at the others. */
function shop(): string {
  const rows = Array.from({ length: 960 }, (_, i) => {
    const [user, turn] = [i % 40, Math.floor(i / 40)];
    const title = (user % 2) * 3 + (turn % 3);
    const day = `2024-0${1 + (turn % 4)}-${String(1 + ((i * 7) % 28)).padStart(2, '0')}`;
    const action = ACTIONS[Math.floor(turn / 4) % 4];
    return [`u${user}`, day, action, TITLES[title], CATEGORIES[title % 4], 3 + (i % 50), 2 + (i % 90)].join(',');
  });
  return `${['user,when,action,title,category,price,seconds', ...rows].join('\n')}\n`;
}

/** Chooses further columns in a list of several. */
async function addColumns(app: App, label: string, ...columns: string[]): Promise<void> {
  // The chosen ones lie over the field that is named.
  await app.combobox(label).click({ force: true });
  for (const column of columns) await app.page.getByRole('option', { name: column, exact: true }).click();
  await app.page.keyboard.press('Escape');
}

test('texts by a template and weighed profiles: previewed on real rows and users, run, and recorded', async ({ app, page }) => {
  await app.open();
  await app.drop(csvFile('shop.csv', shop()));
  await addColumns(app, 'Text: what', 'action', 'category');
  const template = page.getByRole('textbox', { name: 'Made into one text as' });
  await expect(template).toHaveValue('{title} {action} {category}');
  await template.fill('{action} {titel} ({category})');
  await expect(
    app.columns.getByText(/^At character 10 of the template "titel" is none of the text columns\. Text columns are/),
  ).toBeVisible();
  await expect(app.analyseButton).toBeDisabled();
  await template.fill('{action} {title} ({category})');
  const preview = app.columns.getByRole('figure');
  await expect(preview.getByText('As in the files')).toBeVisible();
  await expect(preview.getByText(/^(viewed|bought) .* \((Home|Garden|Books)\)$/).first()).toBeVisible();
  await addColumns(app, 'More numbers', 'seconds');

  const profiles = page.getByRole('region', { name: 'Profiles', exact: true });
  await profiles.getByRole('button', { name: /^Profiles/ }).click();
  const examples = profiles.getByRole('article');
  await expect(examples).toHaveCount(3);
  const bought = examples.getByRole('listitem').filter({ hasText: 'bought' }).first();
  const percent = async () => Number(/(\d+) %/.exec(await bought.innerText())?.[1]);
  const before = await percent();
  await app.setNumber('Weight of bought', 5);
  await expect.poll(percent).toBeGreaterThan(before);
  await expect(bought).toHaveAttribute('title', /type × 5\.00/);

  const behaviour = profiles.getByRole('slider', { name: 'Weight of behaviour' });
  await behaviour.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
  await expect(profiles.getByText('70 % what they read, 30 % how they behave.')).toBeVisible();
  await expect(examples.first().getByRole('listitem').filter({ hasText: 'How they behave' })).toContainText('30 %');
  const did = examples.first().getByRole('definition');
  await expect(did.filter({ hasText: /^\d+ bought, \d+ viewed$|^\d+ viewed, \d+ bought$/ })).toHaveCount(1);
  await expect(did.filter({ hasText: /^[\d.]+ purchases a day$/ })).toHaveCount(1);
  await expect(did.filter({ hasText: /^price [\d.,]+, mean [\d.]+; seconds [\d.,]+, mean [\d.]+$/ })).toHaveCount(1);
  await expect(did.filter({ hasText: /bits$/ })).toHaveCount(1);
  await profiles.getByRole('checkbox', { name: 'Variety' }).uncheck();
  await expect(did.filter({ hasText: /bits$/ })).toHaveCount(0);
  await profiles.getByRole('switch', { name: /^Older events weigh less/ }).click({ force: true });
  await app.setNumber('Half-life in days', 10);
  await expect(bought).toHaveAttribute('title', /age × 0\.\d+/);

  await app.choosesFixed(2);
  await app.analyse();
  const { mapping, settings } = JSON.parse(await app.export('Run manifest (JSON)'));
  expect(mapping).toMatchObject({
    text: ['title', 'action', 'category'],
    template: '{action} {title} ({category})',
    numbers: ['seconds'],
  });
  expect(settings).toMatchObject({ typeWeights: { bought: 5 }, halfLifeDays: 10, behaviour: { weight: 0.3 } });
  expect(settings.behaviour.features).not.toContain('entropy');
  await expect(page.getByText(/^(viewed|bought) .* \((Home|Garden|Books)\)/).first()).toBeVisible();
});

test('files without types: profiles tell what is missing, and are shown once there are users to show', async ({ app, page }) => {
  await app.open();
  await app.drop(csvFile('log.csv', 'user,time,title\nann,2024-01-02,tea\nann,2024-02-02,boats\n'));
  const profiles = page.getByRole('region', { name: 'Profiles', exact: true });
  await profiles.getByRole('button', { name: /^Profiles/ }).click();
  await expect(profiles.getByText(/choose a column for the type of event/)).toBeVisible();
  await expect(profiles.getByRole('article', { name: 'Example user ann' })).toContainText(
    '1 event in the window from 2024-01-01',
  );
});
