import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { JobContext } from '../domain/index.ts';

let collector: (() => void) | null = null;

function collectOnce(): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}

/** A collection that finds no more than this is the last, in bytes. */
const SETTLED = 2 ** 16;

/** Collects all garbage. WASM memories are given back by callbacks in later turns of the event loop, hence the rounds. */
async function collect(): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let quiet = 0; quiet < 2; ) {
    collectOnce();
    await nextTurn();
    const now = bytesTaken();
    quiet = now > before - SETTLED ? quiet + 1 : 0;
    before = now;
  }
}

/** Bytes of JavaScript's heap, of all array buffers and of all WASM memories, garbage included. */
function bytesTaken(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/** The same without garbage. */
export async function bytesHeld(): Promise<number> {
  await collect();
  return bytesTaken();
}

/** Growth that is looked into, in bytes: with less, the garbage is collected all the time. */
const GRAIN = 2 ** 19;

/**
 * The most bytes that `work` holds at any of its checkpoints and at its end, its result included, beyond those held before.
 * Garbage does not count, nor what is made and dropped between two checkpoints.
 */
export async function peakBytesOf(work: (ctx: JobContext) => Promise<unknown>): Promise<number> {
  const before = await bytesHeld();
  let peak = before;
  const checkpoint = async (): Promise<void> => {
    if (bytesTaken() <= peak + GRAIN) return;
    // Mostly it is garbage that one collection finds.
    collectOnce();
    await nextTurn();
    if (bytesTaken() > peak + GRAIN) peak = Math.max(peak, await bytesHeld());
  };
  const result = await work({ progress: () => {}, checkpoint });
  peak = Math.max(peak, await bytesHeld());
  // Still named here, so that it is counted above.
  if (result === work) throw new Error('no result');
  return peak - before;
}

/** Counts the WASM memories that are made from now on and still held. Call `stop` when done. */
export function countMemories() {
  const { Memory } = WebAssembly;
  const made: WeakRef<WebAssembly.Memory>[] = [];
  class Counted extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      made.push(new WeakRef(this));
    }
  }
  WebAssembly.Memory = Counted;
  return {
    made: (): number => made.length,
    held: (): number => made.filter((memory) => memory.deref() !== undefined).length,
    stop: (): void => {
      WebAssembly.Memory = Memory;
    },
  };
}
