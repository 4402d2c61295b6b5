import { createRandom, type Random } from '../domain/index.ts';

/** Lines that are given at once. */
const BLOCK_ROWS = 10_000;
const USERS = 50_000;
const ITEMS = 200_000;
const YEAR = 365 * 86_400_000;
const FROM = Date.UTC(2025, 0, 1);

const TYPES = ['view', 'click', 'save', 'share', 'order', 'search', 'hide'] as const;
const PLACES = ['AT', 'BR', 'CN', 'DE', 'ES', 'FR', 'IN', 'JP', 'KE', 'US'] as const;
const KINDS = ['antique', 'compact', 'everyday', 'folding', 'handmade', 'large', 'plain', 'sturdy', 'used', 'woven'] as const;
const THINGS = (
  'anvil basket candle dictionary easel flute garden hammock inkwell jigsaw kettle lantern mandolin notebook oar pottery quilt ' +
  'rucksack saddle telescope ukulele violin wagon xylophone yarn zither'
).split(' ');

/**
 * A behaviour log as exports are, some 100 bytes a row, in blocks of text: 7 columns, titles in quotes with commas and now and then
 * doubled marks, 50,000 users of very unequal activity, 200,000 items with a title each, no place in 7 % of the rows.
 */
export function* behaviourCsv(rows: number, seed: number): Generator<string, void, undefined> {
  const random = createRandom(seed);
  yield 'user_id,timestamp,event_type,item_id,item_title,value,country\n';
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - from);
    yield Array.from({ length: count }, () => line(random)).join('');
  }
}

function line(random: Random): string {
  const user = Math.floor(USERS * random.next() ** 2);
  const item = random.int(ITEMS);
  const type = TYPES[Math.min(TYPES.length - 1, Math.floor(-2 * Math.log(1 - random.next())))];
  const time = new Date(FROM + random.int(YEAR)).toISOString();
  const place = random.next() < 0.07 ? '' : PLACES[random.int(PLACES.length)];
  const value = (500 * random.next()).toFixed(2);
  return `u${String(user).padStart(6, '0')},${time},${type},i${item},"${titleOf(item)}",${value},${place}\n`;
}

/** Always the same for an item. */
function titleOf(item: number): string {
  const thing = (place: number): string => THINGS[(Math.imul(item + 1, 0x9e3779b1 + 2 * place) >>> 9) % THINGS.length] as string;
  const title = `${KINDS[item % KINDS.length]} ${thing(1)} ${thing(2)}, ${thing(3)}, ${thing(4)} no. ${item % 89}`;
  return item % 50 === 0 ? `${title} ""second edition""` : title;
}
