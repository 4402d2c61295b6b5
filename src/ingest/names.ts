import type { ColumnRole } from '../domain/index.ts';

/**
 * What columns are called. A name is cut into lower-case words; it can play a role if at least one word is a word of the
 * role and every other one is a qualifier that does not change the meaning. So `author-id` names a person and
 * `author_flair_css_class` does not.
 */
interface RoleWords {
  /** Best first. */
  readonly words: readonly string[];
  readonly qualifiers: readonly string[];
}

const list = (words: string): string[] => words.split(' ');

export const ID_WORDS: readonly string[] = list('id ids key code no number nr uuid guid ref hash hashed');

export const ROLE_WORDS: Readonly<Record<Exclude<ColumnRole, 'time'>, RoleWords>> = {
  user: {
    words: list(
      'user customer client member voter author student visitor person account subscriber participant respondent reviewer ' +
        'player learner employee patient buyer shopper reader patron borrower viewer listener guest uid username email login handle',
    ),
    qualifiers: [...ID_WORDS, ...list('num name pseudo anon anonymous anonymized anonymised screen email login handle display')],
  },
  text: {
    words: list(
      'title description text body comment comments review message content query search tag tags headline subject summary ' +
        'caption question answer feedback keyword keywords phrase utterance post note notes name genre genres',
    ),
    qualifiers: list(
      'product item movie film article video song track book page full raw short long plain clean self term terms the',
    ),
  },
  type: {
    words: list('event action activity type verb operation interaction behavior behaviour'),
    qualifiers: list('name kind user'),
  },
  item: {
    words: list(
      'item product sku stock article movie film book song track video page post course comment content asset listing isbn ' +
        'asin site game question document doc news material object offer recipe',
    ),
    qualifiers: ID_WORDS,
  },
  value: {
    words: list(
      'quantity qty rating value amount vote score price revenue total spend sales cost duration minutes seconds count clicks ' +
        'views weight points stars grade units',
    ),
    qualifiers: list('unit order line item net gross usd eur gbp sum purchase product'),
  },
  label: {
    words: list('label class segment category interest cluster cohort group topic persona outcome result target'),
    qualifiers: list('name true truth user customer final product item primary main'),
  },
};

const TIME_WORDS = list('time timestamp date datetime created occurred at utc ts when day posted submitted');
/** The moment of the behaviour itself, rather than of the record's later life. */
const EVENT_WORDS = list('timestamp created occurred event invoice order purchase visit posted submitted utc');
const OTHER_MOMENTS = list(
  'updated modified edited end ended expiry expires expired birth born dob deleted due delivery shipped last',
);

const VOCABULARY = new Set([
  ...Object.values(ROLE_WORDS).flatMap((r) => [...r.words, ...r.qualifiers]),
  ...TIME_WORDS,
  ...EVENT_WORDS,
]);
const SUFFIXES = list('id ids code no number name type key text body title date datetime time at');

/** `CustomerID`, `customer_id`, `customer-id` and `customerid` are all [customer, id]. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((w) => w !== '')
    .flatMap(splitCompound);
}

/** Position of the best word of the role in the name (0 = best), or null where the name can't play the role. */
export function roleRank(role: keyof typeof ROLE_WORDS, name: string): number | null {
  const { words, qualifiers } = ROLE_WORDS[role];
  const parts = wordsOf(name);
  const ranks = parts.map((p) => words.indexOf(p)).filter((i) => i >= 0);
  const known = parts.every((p) => words.includes(p) || qualifiers.includes(p));
  return known && ranks.length > 0 ? Math.min(...ranks) : null;
}

/** `customer no` is an id; `number of customers` is a count. */
export function isIdName(name: string): boolean {
  const words = wordsOf(name);
  const counts = words.length > 1 && (words[0] === 'number' || words[0] === 'no');
  return !counts && words.some((w) => ID_WORDS.includes(w) || w === 'sku' || w === 'uid');
}

export const isTimeName = (name: string): boolean => wordsOf(name).some((w) => TIME_WORDS.includes(w));

/** How much a name sounds like the moment of the behaviour. */
export function timeScore(name: string): number {
  const words = wordsOf(name);
  const has = (vocabulary: readonly string[]): number => (words.some((w) => vocabulary.includes(w)) ? 1 : 0);
  return 2 * has(TIME_WORDS) + has(EVENT_WORDS) - 4 * has(OTHER_MOMENTS);
}

/** Places, addresses and measures are no texts to find interests in. */
const NO_TEXT = new Set(
  list('url uri link permalink path email mail address phone thumbnail image domain country city region css band ip host file'),
);

export const isTextName = (name: string): boolean => {
  const words = wordsOf(name);
  return !words.some((w) => NO_TEXT.has(w) || TIME_WORDS.includes(w) || ID_WORDS.includes(w));
};

function splitCompound(word: string): string[] {
  if (VOCABULARY.has(word)) return [word];
  for (const suffix of SUFFIXES) {
    const rest = word.slice(0, -suffix.length);
    if (word.endsWith(suffix) && VOCABULARY.has(rest)) return [rest, suffix];
  }
  return [word];
}
