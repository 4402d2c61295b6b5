import { afterEach, expect, test } from 'vitest';
import { silentContext } from '../domain/index.ts';
import { clusteredMatrix } from '../testing/index.ts';
import { everyAlgorithm } from './reference/every.ts';
import { borrowArena, enableSimd } from './wasm/index.ts';

const { grow } = WebAssembly.Memory.prototype;

afterEach(() => {
  WebAssembly.Memory.prototype.grow = grow;
  enableSimd(true);
});

/** An engine that has no more than so many bytes for one memory. */
function limitMemories(bytes: number): void {
  WebAssembly.Memory.prototype.grow = function (pages: number): number {
    if (this.buffer.byteLength + pages * 65536 > bytes)
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    return grow.call(this, pages);
  };
}

const x = clusteredMatrix(2100, 33, 1);
/** Their join has a memory that is made in one piece and never grows: it keeps its room, and finds other rows than plain loops. */
const differ = new Set(['approximateKnn', 'umapLayout']);

test.each([
  { room: 'none at all', bytes: 65_536 },
  { room: 'less than the rows', bytes: 250_000 },
  { room: 'the rows and hardly more', bytes: 330_000 },
  { room: 'the rows and some buffers', bytes: 400_000 },
])('where WASM has no room ($room) every algorithm goes on without it', { timeout: 300_000 }, async ({ bytes }) => {
  for (const { name, run } of everyAlgorithm) {
    enableSimd(false);
    const plain = await run(x, silentContext);
    enableSimd(true);
    // The arena that waits for the next call may be large enough.
    borrowArena();
    limitMemories(bytes);
    const found = await run(x, silentContext);
    WebAssembly.Memory.prototype.grow = grow;
    if (bytes < 300_000 && !differ.has(name)) expect(found, name).toEqual(plain);
    else expect(found, name).toBeDefined();
  }
});
