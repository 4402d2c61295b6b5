import { describe, expect, it, vi } from 'vitest';
import {
  CancelledError,
  createMatrix,
  EMBED_DEVICE_BROKE,
  type JobContext,
  type Matrix,
  rowOf,
  silentContext,
} from '../domain/index.ts';
import { assembleEmbedder, type EmbedderParts } from './embedder.ts';
import { checkGolden, GOLDEN } from './gate.ts';
import type { Choice, Session } from './session.ts';

const WASM: Choice = { dtype: 'q8', device: 'wasm' };
const WEBGPU: Choice = { dtype: 'int8', device: 'webgpu' };

/** A session that knows the golden vectors by their ids and gives any other row its first id as a direction. */
function fakeSession(change: (vector: Float32Array) => void = () => {}): Session & { disposed: boolean; batches: number[][] } {
  const known = new Map(GOLDEN.map(({ ids, vector }) => [ids.join(), vector]));
  return {
    disposed: false,
    batches: [],
    async run(ids) {
      this.batches.push(ids.map((row) => row.length));
      const out = createMatrix(ids.length, 512);
      ids.forEach((row, i) => {
        const vector = rowOf(out, i);
        const golden = known.get(row.join());
        if (golden) vector.set(golden);
        else vector[row[0] ?? 0] = 3;
        change(vector);
      });
      return out;
    },
    async dispose() {
      this.disposed = true;
    },
  };
}

/** A text of n letters has n tokens; the first is the code of its first letter. */
const encode = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));

const parts = (session: Session | null, more: Partial<EmbedderParts> = {}): EmbedderParts => ({
  encode,
  choice: WASM,
  notes: [],
  open: async () => session ?? Promise.reject(new Error('not there')),
  ...more,
});

const directionOf = (m: Matrix, row: number): number => rowOf(m, row).findIndex((v) => v !== 0);

describe('the golden gate', () => {
  it('passes the reference and refuses vectors that are turned, constant or no numbers', async () => {
    expect((await checkGolden(fakeSession())).passed).toBe(true);
    const broken: ((v: Float32Array) => void)[] = [
      (v) => v.reverse(),
      (v) => v.fill(1),
      (v) => v.fill(0),
      (v) => v.fill(Number.NaN),
      (v) => v.set(v.map((x, i) => x + (i % 2 === 0 ? 0.01 : -0.01))),
    ];
    for (const change of broken) expect((await checkGolden(fakeSession(change))).passed).toBe(false);
  });

  it('one wrong sentence is enough for a refusal', async () => {
    let calls = 0;
    const once = fakeSession((v) => {
      if (calls++ === 5) v.reverse();
    });
    const { passed, mean, min } = await checkGolden(once);
    expect(passed).toBe(false);
    expect(mean).toBeGreaterThan(min);
  });

  it('a refused choice is let go, and WebGPU says that another device may do', async () => {
    const webgpu = fakeSession((v) => v.reverse());
    await expect(assembleEmbedder(parts(webgpu, { choice: WEBGPU }))).rejects.toMatchObject({
      kind: 'ability',
      code: EMBED_DEVICE_BROKE,
      message: expect.stringMatching(/^WebGPU \(int8\) was refused: .*cosine -?0\.\d+/),
    });
    expect(webgpu.disposed).toBe(true);
  });

  it('a choice that cannot be opened, or never answers, is told; nothing else is tried in the same worker', async () => {
    const silent = { ...fakeSession(), run: () => new Promise<Matrix>(() => {}) };
    for (const session of [null, silent]) {
      const open = vi.fn(parts(session).open);
      await expect(assembleEmbedder(parts(session, { choice: WEBGPU, open }), 50)).rejects.toMatchObject({
        code: EMBED_DEVICE_BROKE,
        message: expect.stringMatching(/WebGPU \(int8\) could not be used: (not there|no answer)/),
      });
      expect(open).toHaveBeenCalledOnce();
    }
  });

  it('a session that opens after the time is up is let go', async () => {
    const late = fakeSession();
    let arrive: (session: Session) => void = () => {};
    const promise = new Promise<Session>((resolve) => {
      arrive = resolve;
    });
    await expect(assembleEmbedder(parts(null, { open: () => promise }), 20)).rejects.toMatchObject({ kind: 'ability' });
    arrive(late);
    await vi.waitFor(() => expect(late.disposed).toBe(true));
  });

  it('where WASM fails the error is one of ability and tells all reasons', async () => {
    const session = fakeSession((v) => v.fill(1));
    await expect(assembleEmbedder(parts(session, { notes: ['WebGPU broke.'] }))).rejects.toMatchObject({
      kind: 'ability',
      code: 'no-embedding-device',
      message: expect.stringMatching(/WebGPU broke\. WASM.*refused/),
    });
  });
});

describe('the embedder', () => {
  it('keeps the order of the texts through batches of equal length, and scales rows to unit length', async () => {
    const wasm = fakeSession();
    const embedder = await assembleEmbedder(parts(wasm));
    const texts = ['ccc', 'a', 'dd', 'bbb', 'e', 'ff'];
    wasm.batches.length = 0;
    const { vectors: m } = await embedder.embed(texts, silentContext);
    expect(wasm.batches).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    texts.forEach((text, i) => {
      expect(directionOf(m, i)).toBe(text.charCodeAt(0));
      expect(Math.max(...rowOf(m, i))).toBe(1);
    });
  });

  it('tells progress in texts up to all of them, and stops at a cancel between batches', async () => {
    const wasm = fakeSession();
    const embedder = await assembleEmbedder(parts(wasm));
    const texts = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
    const told: string[] = [];
    let checkpoints = 0;
    const ctx: JobContext = {
      progress: (done, total) => told.push(`${done}/${total}`),
      checkpoint: async () => void checkpoints++,
    };
    await embedder.embed(texts, ctx);
    expect(told.at(0)).toBe('0/40');
    expect(told.at(-1)).toBe('40/40');
    expect(checkpoints).toBeGreaterThanOrEqual(40);

    wasm.batches.length = 0;
    let left = 5;
    const cancelled: JobContext = {
      progress: () => {},
      checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(new CancelledError())),
    };
    await expect(embedder.embed(texts, cancelled)).rejects.toBeInstanceOf(CancelledError);
    expect(wasm.batches.length).toBe(4);
  });

  it('a device that breaks down or falls silent during the work is told by what it said', async () => {
    const webgpu = fakeSession();
    const embedder = await assembleEmbedder(parts(webgpu, { choice: WEBGPU }), 200);
    expect((await embedder.describe()).device).toBe('webgpu');
    webgpu.run = () => Promise.reject(new Error('device lost'));
    const broke = { code: EMBED_DEVICE_BROKE, message: 'WebGPU (int8) failed during the work: device lost' };
    await expect(embedder.embed(['b', 'aa'], silentContext)).rejects.toMatchObject(broke);
    webgpu.run = () => new Promise(() => {});
    await expect(embedder.embed(['b'], silentContext)).rejects.toMatchObject({ message: expect.stringContaining('no answer') });
  });
});
