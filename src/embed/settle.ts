import { type AppError, abilityError, type Dtype, type ModelChoice, type ModelTrial, rowOf } from '../domain/index.ts';
import { mostRows } from './batches.ts';
import { ALONE, type Choices, mostPrecise, type Spread } from './choices.ts';
import { type Crew, createCrew, withTimeout } from './crew.ts';
import { checkGolden, type Reference, type Verdict } from './gate.ts';
import type { Runner, RunnerTask } from './runner.ts';
import { type Choice, describeChoice, messageOf } from './session.ts';
import type { VerdictStore } from './verdicts.ts';

/** What a choice is made from. */
export interface Bench {
  readonly model: { readonly id: string; readonly name: string; readonly copy: string | null };
  readonly dtypes: readonly Dtype[];
  readonly choices: Choices;
  /** Ways to spread the work on WASM beside one session, for a file of `dtype`. */
  readonly spreads: (dtype: Dtype) => readonly Spread[];
  /** Copies of the model on WASM that are set; null where a trial decides. */
  readonly workers: number | null;
  /** A runner in a thread of its own. */
  readonly spawn: () => Runner;
  /** One in this thread, where threads of their own do not start; null where it is no other. */
  readonly local: (() => Runner) | null;
  /** Published vectors of the model; null where there are none. */
  readonly published: Reference | null;
  /** Ids of sentences for a model without published vectors. */
  readonly sentences: readonly (readonly number[])[];
  readonly sha256: (dtype: Dtype) => Promise<string>;
  readonly store: VerdictStore;
  /** What else a verdict depends on: adapter, versions of the runtime. */
  readonly place: readonly string[];
  /** Measures where there is more than one choice; else the first that will do is taken. */
  readonly trial: boolean;
  readonly mostWaitMs: number;
  /** Milliseconds; tests have a clock of their own. */
  readonly now: () => number;
}

/** A choice that is loaded, checked and at work. */
export interface Settled {
  readonly choice: Choice;
  /** What `settle` is told where it breaks down. */
  readonly name: string;
  readonly spread: Spread;
  readonly verdict: Verdict;
  readonly sha256: string;
  readonly crew: Crew;
  /** Starts the further workers of the spread, which join when they are loaded; at the first call only. */
  readonly grow: () => void;
  readonly trials: readonly ModelTrial[];
}

/** So much faster a choice must be to be taken before one that is preferred: a busy machine must not change the vectors. */
const CLEAR_MARGIN = 1.5;
/** For a way to spread the work, which changes no vector. */
const SPREAD_MARGIN = 1.2;
/** Of measuring, for a choice: some ten batches. */
const MEASURE_MS = 250;
/** After so long no further choice is tried. */
const TRIAL_MS = 2000;
/** Of the rows that are measured: a short title. */
const TRIAL_TOKENS = 16;

interface Opened {
  readonly choice: Choice;
  readonly threads: number;
  readonly runner: Runner;
  readonly verdict: Verdict;
}

/** What the last trial came to. */
interface Kept {
  readonly choice: Choice;
  readonly spread: Spread;
  readonly trials: readonly ModelTrial[];
}

/**
 * The choice to work with: among those that are wanted by a trial, once on a machine; each passes the golden check before its first use. One that
 * does not open, fails the check or never answers is told in `notes`, and the next is taken.
 * @param given names of what broke during the work
 * @param tokenBudget of a batch
 * @throws AppError ability if nothing is left
 */
export async function settle(
  bench: Bench,
  given: ReadonlySet<string>,
  notes: string[],
  tokenBudget: (choice: Choice) => number,
): Promise<Settled> {
  const left = (choice: Choice): boolean => !given.has(describeChoice(choice));
  const wanted = bench.choices.wanted.filter(left);
  const key = [
    'trial',
    bench.model.id,
    `${bench.workers ?? 'any'} workers`,
    ...bench.place,
    ...wanted.map(describeChoice),
    ...(await hashes(bench)),
  ];
  const kept = bench.trial ? asKept(await bench.store.get(key)) : null;
  const open = (choice: Choice, threads = 1): Promise<Opened | string> => openChecked(bench, choice, bench.spawn, threads);
  if (kept && wanted.some((choice) => describeChoice(choice) === describeChoice(kept.choice))) {
    const opened = await open(kept.choice, kept.spread.threads);
    if (typeof opened !== 'string') return atWork(bench, opened, kept, notes);
  }
  const trials: ModelTrial[] = [];
  let best: (Opened & { rate: number }) | null = null;
  const started = bench.now();
  const refuse = (choice: Choice, why: string): void => {
    notes.push(`${describeChoice(choice)} ${why.replace(/\.$/, '')}.`);
    trials.push({ choice: { ...choice, ...ALONE }, tokensPerSecond: null, refused: why });
  };
  for (const choice of wanted) {
    if (best && (!bench.trial || bench.now() - started > TRIAL_MS)) break;
    const opened = await open(choice);
    if (typeof opened === 'string') {
      refuse(choice, opened);
      continue;
    }
    const rate = bench.trial ? await rateOf(bench, [opened.runner], opened, tokenBudget(choice)).catch(messageOf) : 0;
    if (typeof rate === 'string') {
      opened.runner.close();
      refuse(choice, `failed at its trial: ${rate}`);
      continue;
    }
    if (bench.trial) trials.push({ choice: { ...choice, ...ALONE }, tokensPerSecond: rate, refused: null });
    if (best && rate < CLEAR_MARGIN * best.rate) opened.runner.close();
    else {
      best?.runner.close();
      best = { ...opened, rate };
    }
  }
  for (const choice of best ? [] : bench.choices.others.filter(left)) {
    const opened = await open(choice);
    if (typeof opened === 'string') {
      refuse(choice, opened);
      continue;
    }
    best = { ...opened, rate: 0 };
    break;
  }
  if (best === null) {
    const resort = await lastResort(bench, given, notes);
    return { ...(await atWork(bench, resort, { choice: resort.choice, spread: ALONE, trials }, notes)), name: IN_THIS_THREAD };
  }
  const spread = await chooseSpread(bench, best, tokenBudget(best.choice), trials);
  if (trials.some(({ refused }) => refused !== null)) notes.push(`Texts are embedded on ${describeChoice(best.choice)}.`);
  const found = { choice: best.choice, spread, trials };
  if (bench.trial && wanted.includes(best.choice)) await bench.store.put(key, found);
  return atWork(bench, best, found, notes);
}

const hashes = ({ dtypes, sha256 }: Bench): Promise<string[]> => Promise.all(dtypes.map(sha256));

/** The name of the last resort, which has no other after it. */
const IN_THIS_THREAD = 'WASM without a worker';

/** Without threads of its own a page has one session in the thread that asks, on WASM. */
async function lastResort(bench: Bench, given: ReadonlySet<string>, notes: readonly string[]): Promise<Opened> {
  const choice = [...bench.choices.wanted, ...bench.choices.others].find(({ device }) => device === 'wasm');
  const local = given.has(IN_THIS_THREAD) ? null : bench.local;
  const opened = choice && local ? await openChecked(bench, choice, local) : 'cannot be run';
  if (typeof opened === 'string') throw nothingLeft(bench, notes);
  return opened;
}

const nothingLeft = ({ model }: Bench, notes: readonly string[]): AppError =>
  abilityError(
    'no-embedding-device',
    `${model.name} cannot run here. ${notes.join(' ')}`,
    'Choose another model, or try a current Chromium, Firefox or Safari; if the model was added, add it again.',
  );

const taskOf = ({ model: { id, copy } }: Bench, choice: Choice, threads: number): RunnerTask => ({
  model: id,
  copy,
  choice,
  threads,
});

/** Why it cannot be used, in words that follow the choice's name, where it cannot. */
async function openChecked(bench: Bench, choice: Choice, make: () => Runner, threads = 1): Promise<Opened | string> {
  const runner = make();
  const opening = openAndCheck(bench, choice, runner, threads);
  const verdict = await withTimeout(opening, bench.mostWaitMs).catch(
    (error: unknown) => `could not be used: ${messageOf(error)}`,
  );
  if (typeof verdict !== 'string' && verdict.refused === null) return { choice, threads, runner, verdict };
  runner.close();
  return typeof verdict === 'string' ? verdict : `was refused: ${verdict.refused}`;
}

async function openAndCheck(bench: Bench, choice: Choice, runner: Runner, threads: number): Promise<Verdict> {
  await runner.open(taskOf(bench, choice, threads));
  const key = ['golden', ...bench.place, choice.device, choice.dtype, await bench.sha256(choice.dtype)];
  const known = asVerdict(await bench.store.get(key));
  if (known) return known;
  const reference = bench.published ?? (await referenceFor(bench, choice));
  const verdict = await checkGolden(runner, choice.dtype, reference, bench.sentences);
  await bench.store.put(key, verdict);
  return verdict;
}

/** The most precise file that is here on WASM, else the same file; null where the choice is that itself, or neither runs. */
async function referenceFor(bench: Bench, { dtype, device }: Choice): Promise<Reference | null> {
  const precise = mostPrecise(bench.dtypes) ?? dtype;
  for (const candidate of new Set([precise, dtype])) {
    if (candidate === dtype && device === 'wasm') return null;
    const runner = bench.spawn();
    try {
      await runner.open(taskOf(bench, { dtype: candidate, device: 'wasm' }, 1));
      const items = [];
      for (const ids of bench.sentences) items.push({ ids, vector: rowOf(await runner.run([ids]), 0) });
      if (items.every(({ vector }) => vector.every(Number.isFinite))) return { what: `${candidate} on WASM`, items };
    } catch {
      // Then the next: a file that does not run on WASM is told where it is a choice itself.
    } finally {
      runner.close();
    }
  }
  return null;
}

async function chooseSpread(
  bench: Bench,
  best: Opened & { readonly rate: number },
  budget: number,
  trials: ModelTrial[],
): Promise<Spread> {
  if (best.choice.device !== 'wasm') return ALONE;
  if (bench.workers !== null) return { workers: bench.workers, threads: 1 };
  return best.rate > 0 ? trySpreads(bench, best, budget, trials) : ALONE;
}

/** The fastest way to spread the work, if it is clearly faster than one session; what is tried is told in `trials`. */
async function trySpreads(
  bench: Bench,
  alone: Opened & { readonly rate: number },
  budget: number,
  trials: ModelTrial[],
): Promise<Spread> {
  let best: { readonly spread: Spread; readonly rate: number } = { spread: ALONE, rate: alone.rate };
  for (const spread of bench.spreads(alone.choice.dtype)) {
    const choice: ModelChoice = { ...alone.choice, ...spread };
    const rate = await rateSpread(bench, alone, spread, budget).catch(messageOf);
    if (typeof rate === 'string') {
      trials.push({ choice, tokensPerSecond: null, refused: rate });
      continue;
    }
    trials.push({ choice, tokensPerSecond: rate, refused: null });
    if (rate > SPREAD_MARGIN * best.rate) best = { spread, rate };
  }
  return best.spread;
}

async function rateSpread(bench: Bench, alone: Opened, { workers, threads }: Spread, budget: number): Promise<number> {
  const extra = Array.from({ length: threads > 1 ? 1 : workers - 1 }, bench.spawn);
  try {
    const task = taskOf(bench, alone.choice, threads);
    await withTimeout(Promise.all(extra.map((runner) => runner.open(task))), bench.mostWaitMs);
    const batch = trialBatch(bench, alone.verdict, budget);
    if (threads > 1 && !(await withTimeout(agree(alone.runner, extra, batch), bench.mostWaitMs))) {
      throw new Error('its vectors differ in the last bits from those of one thread');
    }
    return await rateOf(bench, threads > 1 ? extra : [alone.runner, ...extra], alone, budget, true);
  } finally {
    for (const runner of extra) runner.close();
  }
}

async function agree(one: Runner, others: readonly Runner[], batch: number[][]): Promise<boolean> {
  const expected = (await one.run(batch)).data;
  const found = await Promise.all(others.map((runner) => runner.run(batch)));
  return found.every(({ data }) => data.every((value, i) => value === expected[i]));
}

/**
 * Tokens a second. Of one session by its shortest time, which other work on the machine lengthens least; of what shares the cores by the median
 * of times, since there each part is other work to the others.
 */
async function rateOf(
  bench: Bench,
  runners: readonly Runner[],
  { verdict }: Opened,
  budget: number,
  shared = false,
): Promise<number> {
  const batch = trialBatch(bench, verdict, budget);
  const tokens = batch.reduce((sum, row) => sum + row.length, 0);
  const rates = runners.map(async (runner) => {
    await withTimeout(runner.run(batch), bench.mostWaitMs);
    const times: number[] = [];
    const end = bench.now() + MEASURE_MS;
    for (let last = bench.now(); times.length < 3 || last < end; ) {
      await withTimeout(runner.run(batch), bench.mostWaitMs);
      const now = bench.now();
      times.push(now - last);
      last = now;
    }
    times.sort((a, b) => a - b);
    const typical = shared ? times.length >> 1 : 0;
    return (1000 * tokens) / Math.max(0.01, times[typical] as number);
  });
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}

function trialBatch({ sentences }: Bench, { company }: Verdict, budget: number): number[][] {
  const ids = sentences.flat();
  const rows = company === 'alone' ? 1 : mostRows(TRIAL_TOKENS, budget);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: TRIAL_TOKENS }, (_, i) => ids[(row + i) % ids.length] as number),
  );
}

/** Puts a checked choice to work. */
async function atWork(bench: Bench, opened: Opened, { spread, trials }: Kept, notes: string[]): Promise<Settled> {
  const { choice, verdict } = opened;
  const task = taskOf(bench, choice, spread.threads);
  const start = async (): Promise<Runner> => {
    const runner = bench.spawn();
    await withTimeout(runner.open(task), bench.mostWaitMs).catch((error: unknown) => {
      runner.close();
      throw error;
    });
    return runner;
  };
  let first = opened.runner;
  if (spread.threads !== opened.threads) {
    first = await start().catch(() => opened.runner);
    if (first !== opened.runner) opened.runner.close();
  }
  const crew = createCrew(first, bench.mostWaitMs, (why) =>
    notes.push(`One of the workers stopped (${why}); the others went on.`),
  );
  let missing = spread.workers - 1;
  const grow = (): void => {
    for (; missing > 0; missing--) {
      start().then(crew.add, (error) => notes.push(`A further worker did not start: ${messageOf(error)}.`));
    }
  };
  const name = describeChoice(choice);
  return { choice, name, spread, verdict, crew, grow, trials, sha256: await bench.sha256(choice.dtype) };
}

const asKept = (value: unknown): Kept | null => {
  const kept = value as Partial<Kept> | null;
  return kept?.choice && kept.spread && Array.isArray(kept.trials) ? (kept as Kept) : null;
};

const asVerdict = (value: unknown): Verdict | null => {
  const verdict = value as Partial<Verdict> | null;
  return verdict?.golden && typeof verdict.dims === 'number' && typeof verdict.company === 'string' ? (verdict as Verdict) : null;
};
