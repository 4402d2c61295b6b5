/** Scripts without spaces between words; a word of theirs takes one to some four letters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
/** So many letters of an unspaced script are hardly one word. */
const PHRASE_LETTERS = 5;

/** Two words at least, as a title has and a class mostly has not. */
export const isPhrase = (value: string): boolean =>
  /\p{L}\s+\p{L}/u.test(value) || (value.match(UNSPACED)?.length ?? 0) >= PHRASE_LETTERS;
