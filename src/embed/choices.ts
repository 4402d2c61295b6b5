import { DTYPES, type Dtype, isSoftwareAdapter, type ModelWish } from '../domain/index.ts';
import type { Choice } from './session.ts';

/** The WebGPU adapter of this page, worker or process. */
export interface Adapter {
  /** 'software' is slower than WASM on the same core. */
  readonly kind: 'hardware' | 'software' | 'none';
  /** As the browser tells it; '' where there is none. */
  readonly name: string;
  /** It has 16-bit floats. */
  readonly halves: boolean;
}

export const NO_ADAPTER: Adapter = { kind: 'none', name: '', halves: false };

export async function probeAdapter(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<Adapter> {
  // A browser that refuses one has none: the notes of the choice say so.
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return NO_ADAPTER;
  const { vendor, architecture, device, description } = adapter.info;
  return {
    kind: isSoftwareAdapter(adapter) ? 'software' : 'hardware',
    name: [vendor, architecture, device, description].filter(Boolean).join(' '),
    halves: adapter.features?.has('shader-f16') ?? false,
  };
}

/** What may run a model, in the order of preference. */
export interface Choices {
  /** What was wished for; where there are several a trial decides. */
  readonly wanted: readonly Choice[];
  /** What is taken where nothing of that will do. */
  readonly others: readonly Choice[];
  /** Why something that was wished for is not among them. */
  readonly notes: readonly string[];
}

/** WASM has fast integer products; after that the more precise come first. */
const ON_WASM: readonly Dtype[] = ['q8', 'fp32', 'fp16', 'int8', 'q4'];
/** WebGPU has no integer products: q8 falls back to the processor there, int8 is floats again. */
const ON_WEBGPU: readonly Dtype[] = ['fp16', 'fp32', 'int8', 'q4', 'q8'];

/**
 * @param allowSoftware for tests: takes an adapter that is emulated
 * @param dtypes those that the model has
 */
export function listChoices(
  wish: Pick<ModelWish, 'dtype' | 'device'>,
  dtypes: readonly Dtype[],
  adapter: Adapter,
  allowSoftware: boolean,
): Choices {
  const has = (dtype: Dtype): boolean => dtypes.includes(dtype);
  const wasm = ON_WASM.filter(has).map((dtype): Choice => ({ dtype, device: 'wasm' }));
  const usable = adapter.kind === 'hardware' || (adapter.kind === 'software' && allowSoftware);
  const onGpu = usable ? ON_WEBGPU.filter((dtype) => has(dtype) && (dtype !== 'fp16' || adapter.halves)) : [];
  const webgpu = onGpu.map((dtype): Choice => ({ dtype, device: 'webgpu' }));
  const all = wish.device === 'wasm' ? wasm : wish.device === 'webgpu' ? [...webgpu, ...wasm] : alternate(wasm, webgpu);
  const isWanted = ({ dtype, device }: Choice): boolean =>
    (wish.dtype === 'auto' || dtype === wish.dtype) && (wish.device === 'auto' || device === wish.device);
  const wanted = all.filter(isWanted);
  // A dtype that was set decides the vectors, a device only how fast they come: the dtype is kept.
  const others = all
    .filter((choice) => !isWanted(choice))
    .sort((x, y) => Number(y.dtype === wish.dtype) - Number(x.dtype === wish.dtype));
  return { wanted, others, notes: wanted.length > 0 ? [] : whyNot(wish, adapter, usable, others[0]) };
}

/** @param next what is taken instead; undefined where nothing is left */
function whyNot(
  wish: Pick<ModelWish, 'dtype' | 'device'>,
  adapter: Adapter,
  usable: boolean,
  next: Choice | undefined,
): string[] {
  const instead = next
    ? `texts are embedded on ${next.device === 'wasm' ? 'WASM' : 'WebGPU'}${withDtype(wish.dtype, next.dtype)}.`
    : '';
  if (adapter.kind === 'software' && !usable && wish.device !== 'wasm') {
    return [`The only WebGPU adapter is emulated in software: ${instead}`];
  }
  if (wish.device !== 'webgpu') return [];
  if (adapter.kind === 'none') return [`No WebGPU here: ${instead}`];
  return [`The WebGPU adapter cannot run ${wish.dtype === 'auto' ? 'what is here' : wish.dtype}: ${instead}`];
}

function withDtype(wished: ModelWish['dtype'], taken: Dtype): string {
  if (wished === 'auto') return '';
  return wished === taken ? `, with ${taken} as it was set` : `, with ${taken} in place of ${wished}`;
}

/** The best of each first, then the second best. */
function alternate<T>(a: readonly T[], b: readonly T[]): T[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [...a.slice(i, i + 1), ...b.slice(i, i + 1)]).flat();
}

/** Copies of the model side by side, and threads of each. */
export interface Spread {
  readonly workers: number;
  readonly threads: number;
}

export const ALONE: Spread = { workers: 1, threads: 1 };

/** More than these wait for memory more than they help. */
const MOST_WORKERS = 4;
/** Of all copies of the weights; a tab has some 4 GB. */
const MOST_BYTES = 1 << 30;

/**
 * Ways to spread the work on the processor beside {@link ALONE}, the preferred first.
 * @param cores of the machine
 * @param bytes of the model file
 * @param isolated the page is cross-origin isolated, which threads need
 */
export function listSpreads(cores: number, bytes: number, isolated: boolean): Spread[] {
  const most = Math.min(cores, MOST_WORKERS);
  const workers = Math.min(most, Math.max(1, Math.floor(MOST_BYTES / Math.max(1, bytes))));
  const side: Spread[] = workers > 1 ? [{ workers, threads: 1 }] : [];
  return isolated && most > 1 ? [...side, { workers: 1, threads: most }] : side;
}

/** The most precise of them. */
export const mostPrecise = (dtypes: readonly Dtype[]): Dtype | undefined => DTYPES.find((dtype) => dtypes.includes(dtype));
