import { type Random, shuffle } from '../../domain/index.ts';
import { TOPIC_NAMES, type TopicName, titlesOf } from './topics.ts';

export interface Item {
  readonly id: string;
  readonly title: string;
}

export interface Catalogue {
  /** A title of the topic; the r-th most popular is drawn in proportion to 1 / (r + 2)^0.8, near what libraries see. */
  draw(topic: TopicName, random: Random): Item;
}

interface Shelf {
  readonly items: readonly Item[];
  /** Running sums of popularity. */
  readonly cumulative: readonly number[];
}

export function createCatalogue(random: Random): Catalogue {
  const shelves = new Map<TopicName, Shelf>();
  let next = 1;
  for (const topic of TOPIC_NAMES) {
    const items = titlesOf(topic).map((title) => ({ id: `b${next++}`, title }));
    shelves.set(topic, stock(shuffle(items, random)));
  }
  return { draw: (topic, r) => drawFrom(shelves.get(topic) as Shelf, r) };
}

function stock(items: readonly Item[]): Shelf {
  const cumulative: number[] = [];
  let sum = 0;
  for (let rank = 0; rank < items.length; rank++) {
    sum += (rank + 2) ** -0.8;
    cumulative.push(sum);
  }
  return { items, cumulative };
}

function drawFrom({ items, cumulative }: Shelf, random: Random): Item {
  const dice = random.next() * (cumulative.at(-1) as number);
  return items[cumulative.findIndex((c) => dice < c)] as Item;
}
