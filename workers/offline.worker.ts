/**
 * The service worker: what the page has used of its own address stays on this machine, so that it opens and works with the server out of reach
 * (promise P5). It answers for that address alone, and asks no other. `src/build/offline.ts` puts what the page is made of in front of it.
 */
declare const self: EventTarget & {
  /** Paths below the page's address: `files` are kept from the first visit on, `assets` are all of the build, `version` is a hash of it. */
  readonly SHELL: { readonly files: readonly string[]; readonly assets: readonly string[]; readonly version: string };
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
};

interface WorkerEvent extends Event {
  readonly request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const { files, assets, version } = self.SHELL;
const { scope } = self.registration;
/** A cache for each build's page and scripts, which belong together (a new one waits until no tab has the old); one for models, samples, wasm. */
const pages = `murmuration-page ${scope} `;
const page = pages + version;
const used = `murmuration-used ${scope}`;
const isAsset = (url: string): boolean => url.startsWith(`${scope}assets/`);
const on = (type: string, act: (event: WorkerEvent) => void): void => self.addEventListener(type, (e) => act(e as WorkerEvent));

/** The page is asked for with settings in its query. */
const keyOf = ({ mode, url }: Request): string => (mode === 'navigate' ? url.replace(/(index\.html)?([?#].*)?$/, '') : url);
/** At last of any cache: an open page may be newer than the worker that answers it, and its scripts lie with one that waits. */
const kept = async (key: string): Promise<Response | undefined> =>
  (await caches.match(key, { ignoreVary: true, cacheName: page })) ?? caches.match(key, { ignoreVary: true });

/** Names in `assets/` hold a hash of what is in them; anything else may change, and is asked for. A full storage costs the work offline alone. */
async function answer(event: WorkerEvent, key = keyOf(event.request)): Promise<Response> {
  const asset = isAsset(key) ? await kept(key) : undefined;
  if (asset) return asset;
  const told = await fetch(event.request).catch(() => null);
  // A gateway answers for a server that is gone.
  if (told === null || told.status >= 502) return (await kept(key)) ?? told ?? Response.error();
  const keep = async (copy: Response): Promise<void> => (await caches.open(used)).put(key, copy);
  if (told.status === 200) event.waitUntil(keep(told.clone()).catch(() => {}));
  return told;
}

async function tidy(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(pages) && name !== page) await caches.delete(name);
  const cache = await caches.open(used);
  for (const { url } of await cache.keys())
    if (isAsset(url) && !assets.includes(url.slice(scope.length))) await cache.delete(url);
  await self.clients.claim();
}

// Of the server, for a copy of index.html in the browser's own cache may name scripts that are gone.
const fresh = files.map((file) => new Request(scope + file, { cache: 'no-cache' }));
on('install', (event) => event.waitUntil(caches.open(page).then((cache) => cache.addAll(fresh))));
on('activate', (event) => event.waitUntil(tidy()));
on('fetch', (event) => {
  const { method, url, headers } = event.request;
  if (method === 'GET' && url.startsWith(scope) && !headers.has('range')) event.respondWith(answer(event));
});
