/**
 * Text without HTML: tags and comments go, what stands in scripts and styles too, entities become their characters (once:
 * `&amp;lt;` is `&lt;`). Only names that HTML has make a tag: `a <b and c> d` loses nothing. A tag that ends a line or a cell for the
 * reader leaves a space, one inside a line leaves nothing: `<b>bold</b>ly` is one word.
 */
export function stripHtml(text: string): string {
  const plain = text.includes('<') ? withoutUnseen(text).replace(TAG, tagText) : text;
  return plain.includes('&') ? plain.replace(ENTITY, entityText) : plain;
}

/** Attributes may hold `>` in quotes. */
const TAG = /<\/?([a-zA-Z][a-zA-Z0-9]*)(?:[\s/](?:"[^"]*"|'[^']*'|[^<>"'])*)?>/g;
const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,31}));/g;

const words = (list: string): string[] => list.split(' ');

const INLINE = new Set(
  words(
    'a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp small span strike ' +
      'strong sub sup svg time tt u var wbr',
  ),
);
const BLOCK = new Set(
  words(
    'address area article aside audio base blockquote body br button canvas caption center col colgroup datalist dd details dialog dir ' +
      'div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe input ' +
      'legend li link main map menu meta nav noscript object ol optgroup option output p param picture pre progress script section ' +
      'select source style summary table tbody td template textarea tfoot th thead title tr track ul video',
  ),
);

/** What is not shown, from its opening to its end. */
const OPENING = /<!--|<!doctype\b|<(?:script|style)(?=[\s>])/gi;
const ENDS: Readonly<Record<string, RegExp>> = {
  '<!--': /-->/g,
  '<!doctype': />/g,
  '<script': /<\/script\s*>/gi,
  '<style': /<\/style\s*>/gi,
};

/** An opening without an end is text. Looks for each end no further than once, so that many openings take no time squared. */
function withoutUnseen(text: string): string {
  const endless = new Set<string>();
  let kept = '';
  let from = 0;
  OPENING.lastIndex = 0;
  for (let open = OPENING.exec(text); open; open = OPENING.exec(text)) {
    const name = open[0].toLowerCase();
    const end = endless.has(name) ? -1 : endAfter(text, ENDS[name] as RegExp, OPENING.lastIndex);
    if (end < 0) {
      endless.add(name);
      continue;
    }
    kept += `${text.slice(from, open.index)} `;
    from = end;
    OPENING.lastIndex = end;
  }
  return kept + text.slice(from);
}

function endAfter(text: string, end: RegExp, from: number): number {
  end.lastIndex = from;
  return end.test(text) ? end.lastIndex : -1;
}

function tagText(tag: string, name: string): string {
  const lower = name.toLowerCase();
  if (INLINE.has(lower)) return '';
  return BLOCK.has(lower) ? ' ' : tag;
}

/** Names of U+00A0 to U+00FF in order (HTML 4, Latin-1). */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
  'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
  'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
  'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const OTHERS: Readonly<Record<string, string>> = {
  quot: '"',
  amp: '&',
  lt: '<',
  gt: '>',
  apos: "'",
  OElig: 'Œ',
  oelig: 'œ',
  Scaron: 'Š',
  scaron: 'š',
  Yuml: 'Ÿ',
  ensp: '\u2002',
  emsp: '\u2003',
  thinsp: '\u2009',
  zwnj: '\u200c',
  zwj: '\u200d',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  sbquo: '‚',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  dagger: '†',
  Dagger: '‡',
  bull: '•',
  hellip: '…',
  permil: '‰',
  prime: '′',
  lsaquo: '‹',
  rsaquo: '›',
  euro: '€',
  trade: '™',
  larr: '←',
  uarr: '↑',
  rarr: '→',
  darr: '↓',
  hearts: '♥',
  minus: '−',
  ne: '≠',
  le: '≤',
  ge: '≥',
};
const ENTITIES = new Map([
  ...words(LATIN).map((name, i): [string, string] => [name, String.fromCharCode(0xa0 + i)]),
  ...Object.entries(OTHERS),
]);

/** A name that is not known stays as it is written. */
function entityText(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES.get(name) ?? entity;
  return characterOf(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
}

/** Of 128 to 159. Written out, because Node's decoder takes Windows-1252 for Latin-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Codes of 128 to 159 mean those of Windows-1252, as browsers have it; what is no character is U+FFFD. */
function characterOf(code: number): string {
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252.charAt(code - 0x80);
  const isNone = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return isNone ? '\ufffd' : String.fromCodePoint(code);
}
