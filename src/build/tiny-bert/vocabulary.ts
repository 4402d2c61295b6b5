const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const SIGNS = [..."0123456789abcdefghijklmnopqrstuvwxyz!&'(),-.:?’"];
const ENDINGS = ['##er', '##ing', '##ed', '##ly'];

/** Frequent in titles; what is not here falls into letters. */
const WORDS = (
  'the and for of football guitar by your yoga cars fishing baking with sewing history telescope book own stitch night ' +
  'garden car legends opera league train railway tours astronomy stories home growing sky in how catch gardening ' +
  'thread needle fly science salmon bass cup playing code driving practice galaxies dresses racing patterns house ' +
  'motor repair premier trains stations recipes rock planting software goals great roman fruit pies calm engines linen ' +
  'milky way planets pastry moon bags stars mountain bread country comets world steam red white blue green light bag ' +
  'box set heart mug tea cake small large'
).split(' ');

/** Pieces of WordPiece (Wu et al. 2016, https://arxiv.org/abs/1609.08144); the id is the index. */
export const VOCABULARY: readonly string[] = [
  ...SPECIAL,
  ...SIGNS,
  ...SIGNS.filter((sign) => /[0-9a-z]/.test(sign)).map((sign) => `##${sign}`),
  ...ENDINGS,
  ...WORDS,
];

export const SPECIAL_TOKENS: readonly string[] = SPECIAL;
