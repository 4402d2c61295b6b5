const MAGIC = 0x184d2204;
/** In the length of a block: the block is stored as it is. */
const STORED = 0x80000000;
/** Shortest match, and what a nibble holds where more bytes of a length follow. */
const LEAST_MATCH = 4;
const MORE = 15;

/**
 * One LZ4 frame ("LZ4 Frame Format Description" 1.6.4, blocks as in "LZ4 Block Format Description"). Checksums are not compared.
 * @param length bytes after unpacking
 * @throws Error where it is damaged
 */
export function lz4Frame(packed: Uint8Array<ArrayBuffer>, length: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('a buffer is no LZ4 frame');
  const flags = view.getUint8(4);
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const out = new Uint8Array(length);
  let written = 0;
  let at = 7 + (has(0x08) ? 8 : 0) + (has(0x01) ? 4 : 0);
  for (let size = view.getUint32(at, true); size !== 0; size = view.getUint32(at, true)) {
    const stored = size >= STORED;
    const bytes = stored ? size - STORED : size;
    const block = packed.subarray(at + 4, at + 4 + bytes);
    if (block.length < bytes) throw new Error('an LZ4 block is cut off');
    written = stored ? put(block, out, written) : unpack(block, out, written);
    at += 4 + bytes + (has(0x10) ? 4 : 0);
  }
  return out.subarray(0, written);
}

function put(bytes: Uint8Array, out: Uint8Array, at: number): number {
  if (at + bytes.length > out.length) throw new Error('an LZ4 block holds more than the buffer tells');
  out.set(bytes, at);
  return at + bytes.length;
}

/** Literals and matches in turn; a match may reach into the blocks before. Returns where the block ends in `out`. */
function unpack(block: Uint8Array, out: Uint8Array, from: number): number {
  let written = from;
  let at = 0;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble === MORE) {
      let byte: number;
      do {
        byte = block[at++] ?? 0;
        length += byte;
      } while (byte === 255);
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = lengthOf(token >> 4);
    written = put(block.subarray(at, at + literals), out, written);
    at += literals;
    if (at >= block.length) break;
    const distance = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    written = match(out, written, distance, LEAST_MATCH + lengthOf(token & MORE));
  }
  return written;
}

/** Byte by byte, since a match may overlap what it makes. */
function match(out: Uint8Array, at: number, distance: number, length: number): number {
  if (distance === 0 || distance > at) throw new Error('an LZ4 match lies before the buffer');
  if (at + length > out.length) throw new Error('an LZ4 block holds more than the buffer tells');
  for (let i = at; i < at + length; i++) out[i] = out[i - distance] ?? 0;
  return at + length;
}
