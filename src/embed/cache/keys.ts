import { createSHA256 } from 'hash-wasm';

/** Texts that are equal for a reader (Unicode NFC) are one text to the model: this form is embedded, and keyed. */
export const normalText = (text: string): string => text.normalize('NFC');

/** What the bits of a vector hang on beside its text. */
export interface VectorSpace {
  /** For people. */
  readonly model: string;
  /** Of the model file, hex. */
  readonly modelSha256: string;
  readonly dtype: string;
  /** Devices round otherwise (promise P2 holds per device kind). */
  readonly device: string;
  /** All else, in any words that change when a vector may: tokenizer, pooling, prefix, most tokens, runtime. */
  readonly recipe: string;
  readonly dims: number;
}

/** Bytes of a key. Of 2^64 texts two would be likely to share one; of a million texts none are, to 1 in 10^26. */
export const KEY_BYTES = 16;

/** Makes the key of a text: a string of 8 UTF-16 units that hold the bits of {@link KEY_BYTES} bytes. */
export type KeyOf = (text: string) => string;

/**
 * Keys are the first 16 bytes of sha256(space, normalised text), the text as UTF-16: a lone surrogate, which UTF-8 can't write, stays itself.
 * The hash runs in WASM, many times as fast on short texts as one promise of `crypto.subtle` each.
 */
export async function keysFor(space: VectorSpace): Promise<KeyOf> {
  const hash = await createSHA256();
  const before = hash.init().update(describeSpace(space)).save();
  let units = new Uint16Array(1024);
  return (text) => {
    const normal = normalText(text);
    if (normal.length > units.length) units = new Uint16Array(2 * normal.length);
    for (let i = 0; i < normal.length; i++) units[i] = normal.charCodeAt(i);
    const digest = hash
      .load(before)
      .update(new Uint8Array(units.buffer, 0, 2 * normal.length))
      .digest('binary');
    return keyString(digest);
  };
}

/** sha256 of the space, hex: names its file. */
export async function hashOfSpace(space: VectorSpace): Promise<string> {
  return (await createSHA256()).init().update(describeSpace(space)).digest();
}

/** No two spaces give the same text: JSON tells its parts apart. */
const describeSpace = ({ modelSha256, dtype, device, recipe, dims }: VectorSpace): string =>
  JSON.stringify([modelSha256, dtype, device, recipe, dims]);

/** @param bytes at least {@link KEY_BYTES} */
export function keyString(bytes: Uint8Array): string {
  let key = '';
  for (let i = 0; i < KEY_BYTES; i += 2) key += String.fromCharCode((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
  return key;
}

export function putKey(key: string, into: Uint8Array): void {
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    into[2 * i] = unit & 0xff;
    into[2 * i + 1] = unit >> 8;
  }
}
