/**
 * The service worker: what the page has used of its own address stays on this machine, so that it opens and works with the server out of reach
 * (promise P5). It answers for that address alone, and asks no other. `src/build/offline.ts` puts in front of it what the page is made of.
 */
declare const self: EventTarget & {
  /** Paths below the page's address, and a hash that differs from build to build. */
  readonly SHELL: { readonly files: readonly string[]; readonly version: string };
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
};

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
  /** Of a fetch. */
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const PREFIX = 'murmuration-';
const name = PREFIX + self.SHELL.version;
const { scope } = self.registration;
const on = (type: string, act: (event: WorkerEvent) => void): void =>
  self.addEventListener(type, (event) => act(event as WorkerEvent));

/** The page itself is asked for with settings in its query. */
const keyOf = ({ mode, url }: Request): string => (mode === 'navigate' ? url.replace(/[?#].*/, '') : url);

async function ask(event: WorkerEvent, cache: Cache): Promise<Response> {
  const answer = await fetch(event.request);
  // A storage that is full costs the work without a server, and nothing else.
  if (answer.status === 200) event.waitUntil(cache.put(keyOf(event.request), answer.clone()).catch(() => {}));
  return answer;
}

/** Names in `assets/` hold a hash of what is in them; anything else may change on the server, and is asked for while it answers. */
async function answer(event: WorkerEvent): Promise<Response> {
  const cache = await caches.open(name);
  const kept = (): Promise<Response | undefined> => cache.match(keyOf(event.request), { ignoreVary: true });
  if (event.request.url.startsWith(`${scope}assets/`)) return (await kept()) ?? ask(event, cache);
  return ask(event, cache).catch(async (error: unknown) => (await kept()) ?? Promise.reject(error));
}

async function tidy(): Promise<void> {
  const former = (await caches.keys()).filter((other) => other.startsWith(PREFIX) && other !== name);
  await Promise.all(former.map((other) => caches.delete(other)));
  await self.clients.claim();
}

on('install', (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(self.SHELL.files.map((file) => scope + file))));
});
on('activate', (event) => event.waitUntil(tidy()));
on('fetch', (event) => {
  const { method, url, headers } = event.request;
  if (method === 'GET' && url.startsWith(scope) && !headers.has('range')) event.respondWith(answer(event));
});
