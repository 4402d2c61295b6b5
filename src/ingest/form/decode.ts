import type { Encoding } from '../../domain/index.ts';

/**
 * Bytes as text; what is malformed becomes U+FFFD. By two calls, since Node 20 reads Windows-1252 as Latin-1 (no € nor curly quotes) where
 * a TextDecoder is called without `stream`. A byte order mark is no part of the text.
 */
export function decodeText(bytes: Uint8Array, encoding: Encoding): string {
  const decoder = new TextDecoder(encoding);
  return decoder.decode(bytes, { stream: true }) + decoder.decode();
}
