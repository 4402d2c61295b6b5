import { AppError, type AppErrorData, type Matrix } from '../domain/index.ts';
import { openSession } from './model.ts';
import type { RuntimeOptions } from './runtime.ts';
import { type Choice, messageOf, type Session } from './session.ts';
import type { ModelSource } from './source.ts';

/** What a runner is to load. */
export interface RunnerTask {
  /** Id of the model. */
  readonly model: string;
  /** {@link ModelSource.copy} of it. */
  readonly copy: string | null;
  readonly choice: Choice;
  readonly threads: number;
}

/**
 * One copy of a model at work, in a thread of its own or in this one. It is opened once: a worker of transformers.js does no more after a load or
 * a run that failed, so another choice means another runner.
 */
export interface Runner {
  open(task: RunnerTask): Promise<void>;
  /** As {@link Session}'s. Calls may be under way side by side; they are answered in turn. */
  run(ids: readonly (readonly number[])[]): Promise<Matrix>;
  /** Lets go of it at once, at work or not; what is under way is rejected or never answers. May be called twice. */
  close(): void;
}

/** Gives the source of a model by its id; null where it is not here. */
export type OpenSource = (model: string) => Promise<ModelSource | null>;

/** A runner in this thread. */
export function localRunner(openSource: OpenSource, runtime: Pick<RuntimeOptions, 'wasmBase'>): Runner {
  let session: Promise<Session> | null = null;
  let closed = false;
  return {
    async open({ model, copy, choice, threads }) {
      const source = await openSource(model);
      if (!source) throw new Error(`the model ${model} is not here`);
      // Vectors of two files must not mix.
      if (source.copy !== copy) throw new Error('the model was replaced meanwhile');
      if (closed) throw new Error('the runner was closed');
      session = openSession(choice, source, { ...runtime, threads });
      await session;
    },
    async run(ids) {
      if (!session) throw new Error('the runner is not open');
      return (await session).run(ids);
    },
    close() {
      closed = true;
      // A session that did not open was told by `open`.
      session?.then((opened) => opened.dispose()).catch(() => {});
      session = null;
    },
  };
}

type Call = { readonly open: RunnerTask } | { readonly run: readonly (readonly number[])[] };
type Question = Call & { readonly id: number };
type Answer = { readonly id: number } & ({ readonly value: Matrix | null } | { readonly failed: AppErrorData | string });

/** The far end of a runner: it answers the messages that {@link remoteRunner} sends. */
export function createRunnerHost(runner: Runner, post: (answer: Answer, transfer: ArrayBuffer[]) => void) {
  const answer = async (question: Question): Promise<Matrix | null> => {
    if ('run' in question) return runner.run(question.run);
    await runner.open(question.open);
    return null;
  };
  return {
    async hear(message: unknown): Promise<void> {
      const question = message as Question;
      const { id } = question;
      try {
        const value = await answer(question);
        post({ id, value }, value ? [value.data.buffer as ArrayBuffer] : []);
      } catch (error) {
        post({ id, failed: error instanceof AppError ? error.toData() : messageOf(error) }, []);
      }
    },
  };
}

/** The thread of a runner, in a browser or in Node. */
export interface RunnerThread {
  post(message: unknown): void;
  /** `hear` is given what the thread posts; `died` why it will post no more. */
  listen(hear: (message: unknown) => void, died: (why: string) => void): void;
  end(): void;
}

/** A runner in another thread, which must have a {@link createRunnerHost} at work. */
export function remoteRunner(thread: RunnerThread): Runner {
  const waiting = new Map<number, { readonly give: (value: Matrix | null) => void; readonly fail: (error: Error) => void }>();
  let calls = 0;
  let over: string | null = null;
  const finish = (why: string): void => {
    over ??= why;
    for (const { fail } of waiting.values()) fail(new Error(over));
    waiting.clear();
  };
  const hear = (message: unknown): void => {
    const answer = message as Answer;
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('value' in answer) call?.give(answer.value);
    else call?.fail(typeof answer.failed === 'string' ? new Error(answer.failed) : AppError.fromData(answer.failed));
  };
  thread.listen(hear, finish);
  const call = (what: Call): Promise<Matrix | null> =>
    new Promise((give, fail) => {
      if (over !== null) return fail(new Error(over));
      const id = ++calls;
      waiting.set(id, { give, fail });
      thread.post({ ...what, id });
    });
  return {
    async open(task) {
      await call({ open: task });
    },
    async run(ids) {
      const vectors = await call({ run: ids });
      if (!vectors) throw new Error('a run gave no vectors');
      return vectors;
    },
    close() {
      finish('the runner was closed');
      thread.end();
    },
  };
}

/** What a runner needs of a browser's `Worker`. */
export interface WebRunnerThread {
  postMessage(message: unknown): void;
  addEventListener(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(event: 'error', listener: (event: { readonly message: string }) => void): void;
  terminate(): void;
}

export const webRunner = (worker: WebRunnerThread): Runner =>
  remoteRunner({
    post: (message) => worker.postMessage(message),
    listen(hear, died) {
      worker.addEventListener('message', ({ data }) => hear(data));
      worker.addEventListener('error', ({ message }) => died(message || 'its worker could not be started'));
    },
    end: () => worker.terminate(),
  });

/** What a runner needs of a `Worker` of node:worker_threads. */
export interface NodeRunnerThread {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  terminate(): unknown;
}

export const nodeRunner = (thread: NodeRunnerThread): Runner =>
  remoteRunner({
    post: (message) => thread.postMessage(message),
    listen(hear, died) {
      thread.on('message', hear);
      thread.on('error', (error) => died(error.message));
      thread.on('exit', () => died('its thread ended'));
    },
    end: () => void thread.terminate(),
  });
