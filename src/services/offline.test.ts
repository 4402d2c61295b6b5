import { afterEach, describe, expect, test, vi } from 'vitest';
import { keepForOffline } from './offline.ts';

const SCOPE = 'https://page.test/app/';
const WORKER = new URL('../../workers/offline.worker.ts', import.meta.url).href;

/** The browser's caches, as far as a service worker uses them. */
function cacheStorage() {
  const all = new Map<string, Map<string, Response>>();
  const keyOf = (request: Request | string): string => (typeof request === 'string' ? request : request.url);
  const open = async (name: string) => {
    const cache = all.get(name) ?? new Map<string, Response>();
    all.set(name, cache);
    return {
      put: async (key: string, response: Response) => void cache.set(key, response),
      delete: async (key: string) => cache.delete(key),
      keys: async () => [...cache.keys()].map((url) => new Request(url)),
      addAll: async (requests: readonly Request[]) => {
        const found = await Promise.all(requests.map((request) => fetch(request)));
        for (const [i, request] of requests.entries()) cache.set(request.url, found[i] as Response);
      },
    };
  };
  const match = async (key: string, { cacheName }: { readonly cacheName?: string } = {}) =>
    [...all]
      .flatMap(([name, cache]) => (cacheName === undefined || cacheName === name ? (cache.get(keyOf(key)) ?? []) : []))[0]
      ?.clone();
  return { open, match, keys: async () => [...all.keys()], delete: async (name: string) => all.delete(name) };
}

/** A browser with a server of the page; workers of several builds come to it one after the other. */
function browser() {
  const files = new Map<string, string>();
  let status = 200;
  let reachable = true;
  const asked: string[] = [];
  const caches = cacheStorage();
  vi.stubGlobal('caches', caches);
  vi.stubGlobal('fetch', async ({ url }: Request) => {
    asked.push(url.slice(SCOPE.length));
    if (!reachable) throw new TypeError('Failed to fetch');
    const text = files.get(url.slice(SCOPE.length));
    return new Response(text ?? '', { status: status === 200 && text === undefined ? 404 : status });
  });
  return {
    caches,
    asked,
    serve: (now: Readonly<Record<string, string>>) => {
      files.clear();
      for (const [name, text] of Object.entries(now)) files.set(name, text);
    },
    goAway: (as: number | null = null) => {
      reachable = as !== null;
      status = as ?? 200;
    },
    /** The worker of a build; `assets` are all of it. */
    async worker(version: string, assets: readonly string[], shell = assets) {
      const self = Object.assign(new EventTarget(), {
        SHELL: { version, files: ['', ...shell], assets },
        registration: { scope: SCOPE },
        clients: { claim: async () => {} },
      });
      vi.stubGlobal('self', self);
      vi.resetModules();
      await import(/* @vite-ignore */ WORKER);
      const tell = async (type: string, more = {}): Promise<string | number | null> => {
        const work: Promise<unknown>[] = [];
        let answer: Promise<Response> | null = null;
        const waitUntil = (promise: Promise<unknown>) => void work.push(promise);
        const respondWith = (promise: Promise<Response>) => {
          answer = promise;
        };
        self.dispatchEvent(Object.assign(new Event(type), { waitUntil, respondWith, ...more }));
        const response = (await answer) as Response | null;
        await Promise.all(work);
        if (response === null) return null;
        return response.status === 200 ? response.text() : response.status;
      };
      const request = (path: string, init = {}) => ({
        ...{ url: new URL(path, SCOPE).href, method: 'GET', mode: 'cors', headers: new Headers() },
        ...init,
      });
      return {
        start: () => tell('install').then(() => tell('activate')),
        install: () => tell('install'),
        activate: () => tell('activate'),
        get: (path: string, init = {}) => tell('fetch', { request: request(path, init) }),
        visit: (path = '') => tell('fetch', { request: request(path, { mode: 'navigate' }) }),
      };
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

describe('P5 the page without its server', () => {
  const site = { '': 'page 1', 'assets/a-1.js': 'script 1', 'assets/sql-1.wasm': 'sql', 'models/m.onnx': 'model' };

  test('opens, whatever stands in its query, and has what it used before', async () => {
    const { serve, goAway, worker } = browser();
    serve(site);
    const one = await worker('1', ['assets/a-1.js', 'assets/sql-1.wasm'], ['assets/a-1.js']);
    await one.start();
    await one.get('models/m.onnx');
    goAway();
    for (const path of ['', '?a=1', 'index.html?a=1']) expect(await one.visit(path)).toBe('page 1');
    expect(await one.get('assets/a-1.js')).toBe('script 1');
    expect(await one.get('models/m.onnx')).toBe('model');
    expect(await one.get('assets/sql-1.wasm')).toBe(0);
  });

  test.each([502, 503, 504])(
    'a gateway that answers %i for it counts as none, and what is not there is not kept',
    async (status) => {
      const { serve, goAway, worker } = browser();
      serve(site);
      const one = await worker('1', ['assets/a-1.js']);
      await one.start();
      expect(await one.get('models/none.onnx')).toBe(404);
      goAway(status);
      expect(await one.visit()).toBe('page 1');
      expect(await one.get('models/none.onnx')).toBe(status);
    },
  );

  test('a script is asked for once, anything else each time: a new model shows at once', async () => {
    const { serve, asked, worker } = browser();
    serve(site);
    const one = await worker('1', ['assets/a-1.js']);
    await one.start();
    await one.get('models/m.onnx');
    serve({ ...site, 'models/m.onnx': 'new model' });
    asked.length = 0;
    expect(await one.get('models/m.onnx')).toBe('new model');
    expect(await one.get('assets/a-1.js')).toBe('script 1');
    expect(asked).toEqual(['models/m.onnx']);
  });

  test('answers for nothing but what is asked of its own address', async () => {
    const { worker } = browser();
    const one = await worker('1', []);
    expect(await one.get('https://elsewhere.test/app/')).toBeNull();
    expect(await one.get('../beside')).toBeNull();
    expect(await one.get('', { method: 'POST' })).toBeNull();
    expect(await one.get('models/m.onnx', { headers: new Headers({ range: 'bytes=0-9' }) })).toBeNull();
  });
});

describe('a new build', () => {
  const first = { '': 'page 1', 'assets/a-1.js': 'script 1', 'assets/sql-1.wasm': 'sql', 'models/m.onnx': 'model' };
  const second = { '': 'page 2', 'assets/a-2.js': 'script 2', 'assets/sql-1.wasm': 'sql', 'models/m.onnx': 'model' };

  async function updated() {
    const at = browser();
    at.serve(first);
    const one = await at.worker('1', ['assets/a-1.js', 'assets/sql-1.wasm'], ['assets/a-1.js']);
    await one.start();
    for (const path of ['models/m.onnx', 'assets/sql-1.wasm']) await one.get(path);
    at.serve(second);
    const two = await at.worker('2', ['assets/a-2.js', 'assets/sql-1.wasm'], ['assets/a-2.js']);
    return { ...at, one, two };
  }

  test('while it waits, the page that is open is answered by the worker before, whichever of the two it is', async () => {
    const { one, two, goAway } = await updated();
    expect(await one.visit()).toBe('page 2');
    await two.install();
    goAway();
    expect(await one.get('assets/a-2.js')).toBe('script 2');
    expect(await one.visit()).toBe('page 1');
    expect(await one.get('assets/a-1.js')).toBe('script 1');
  });

  test('takes the place of the one before; what was used stays, but for scripts that are of no build any more', async () => {
    const { two, goAway, caches } = await updated();
    await (await caches.open('murmuration-verdicts')).put(`${SCOPE}verdicts/a`, new Response('passed'));
    await (await caches.open('murmuration-page https://page.test/other/ 1')).put(`${SCOPE}b`, new Response('another'));
    await two.start();
    goAway();
    expect(await two.visit()).toBe('page 2');
    expect(await two.get('assets/a-2.js')).toBe('script 2');
    expect(await two.get('assets/a-1.js')).toBe(0);
    for (const [path, kept] of [
      ['models/m.onnx', 'model'],
      ['assets/sql-1.wasm', 'sql'],
      ['verdicts/a', 'passed'],
      ['b', 'another'],
    ] as const) {
      expect(await two.get(path)).toBe(kept);
    }
  });
});

test('a browser without service workers, or that refuses one, is left as it is', async () => {
  keepForOffline('offline.js', null);
  const register = vi.fn(async () => Promise.reject(new Error('private')));
  keepForOffline('offline.js', { register } as unknown as ServiceWorkerContainer);
  expect(register).toHaveBeenCalledWith('offline.js');
});
