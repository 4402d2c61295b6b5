import type { JobContext } from '../../domain/index.ts';
import { runAlone, type Work } from '../team/task.ts';
import type { Team } from '../team/team.ts';
import bytes from './kernels.as.ts?wasm';
import sharedBytes from './kernels.as.ts?wasm-shared';
import type { Pointer } from './kernels.ts';
import { Place } from './place.ts';

const PAGE = 65536;
/** Memory cannot shrink: a larger one is left to the garbage collector, a smaller one waits for the next call. */
const KEEP_BYTES = 64 * 2 ** 20;
/** The most one memory is asked to hold; more rows get a second one. Engines end at 2 or 4 GB, and want it in one piece. */
export const ARENA_BYTES = 1.5 * 2 ** 30;

let enabled = true;
let compiled: WebAssembly.Module | null | undefined;
let compiledShared: WebAssembly.Module | null | undefined;
let idle: Arena | null = null;
/**
 * Arenas of teams, kept at any size as long as their team: a helper that waits never collects its garbage, and so would hold on to
 * whatever memory it was given.
 */
const idleOfTeams = new WeakMap<Team, Arena[]>();

/** Turns the WASM path off or on: for tests and measurements, which must reach the plain path too. */
export function enableSimd(on: boolean): void {
  enabled = on;
}

/** Whether the engine here has 128-bit SIMD; asked once, of the kernels themselves. */
export function hasSimd(): boolean {
  if (compiled === undefined) {
    const able = typeof WebAssembly === 'object' && WebAssembly.validate(bytes);
    compiled = able ? new WebAssembly.Module(bytes) : null;
  }
  return enabled && compiled !== null;
}

/**
 * The kernels for memory that threads share; null where there is no SIMD, or no such memory: a page has it only where it is
 * isolated from other origins.
 */
export function sharedModule(): WebAssembly.Module | null {
  if (compiledShared === undefined) {
    const able = hasSimd() && typeof SharedArrayBuffer === 'function' && WebAssembly.validate(sharedBytes);
    compiledShared = able ? new WebAssembly.Module(sharedBytes) : null;
  }
  return compiledShared;
}

/** The engine has no room for an arena of that size: the plain path needs none. */
export class NoMemory extends Error {}

/** The kernels with a memory of their own, filled from the bottom. Whoever borrowed it gives it back. */
export class Arena extends Place {
  // Address 0 stays free, so that a pointer that was never set shows.
  #top = 64;
  /** Under which number the helpers know the memory. */
  readonly #id: number;

  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    readonly team: Team | null,
  ) {
    super(module, memory);
    this.#id = team?.attach(memory) ?? 0;
  }

  /** How many threads may be at it: so many scratches a task needs. */
  get threads(): number {
    return this.team?.threads ?? 1;
  }

  /** Does all blocks of a task, with the team where there is one. @throws TeamLost */
  share<P>(work: Work<P>, ctx: JobContext): Promise<void> {
    return this.team?.isFree && work.blocks > 1 ? this.team.run(this.#id, this, work, ctx) : runAlone(this, work, ctx);
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Room for `size` bytes, aligned to a cache line, with whatever was there before. Views taken earlier are void after it. */
  alloc(size: number): Pointer {
    const at = this.#top;
    this.#top = at + Math.ceil(size / 64) * 64;
    const missing = Math.ceil((this.#top - this.bytes) / PAGE);
    if (missing > 0) this.#grow(missing);
    return at;
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch {
      throw new NoMemory();
    }
  }

  /** Forgets all that was allocated. */
  clear(): void {
    this.#top = 64;
  }
}

/** An empty arena, shared with the team where one is given; null where there is no SIMD. */
export function borrowArena(team: Team | null = null): Arena | null {
  if (!hasSimd()) return null;
  const shared = team && team.lost === null ? borrowShared(team) : null;
  if (shared) return shared;
  const arena = idle ?? new Arena(compiled as WebAssembly.Module, new WebAssembly.Memory({ initial: 1 }), null);
  idle = null;
  return arena;
}

function borrowShared(team: Team): Arena | null {
  const waiting = idleOfTeams.get(team)?.pop();
  if (waiting) return waiting;
  const memory = sharedMemory();
  return memory && new Arena(sharedModule() as WebAssembly.Module, memory, team);
}

/** Room for shared memory is kept free up to its maximum: not everywhere are 4 GB of addresses to be had. */
function sharedMemory(): WebAssembly.Memory | null {
  for (const maximum of [65536, 16384]) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch {
      // The next smaller one.
    }
  }
  return null;
}

/** Ends the use of an arena; what it holds is void. */
export function returnArena(arena: Arena): void {
  arena.clear();
  const { team } = arena;
  if (team) {
    // After a loss a helper may still be writing for a moment.
    if (team.lost === null) idleOfTeams.set(team, [...(idleOfTeams.get(team) ?? []), arena]);
  } else if (arena.bytes <= KEEP_BYTES) idle = arena;
}

/** What `work` makes in a borrowed arena; null where there is no SIMD or no memory for it. */
export async function withArena<T>(work: (arena: Arena) => Promise<T>, team: Team | null = null): Promise<T | null> {
  const arena = borrowArena(team);
  if (!arena) return null;
  try {
    return await work(arena);
  } catch (error) {
    if (error instanceof NoMemory) return null;
    throw error;
  } finally {
    returnArena(arena);
  }
}
