/**
 * Has the browser keep the page, and what it uses of its own address, for when the server is out of reach; see workers/offline.worker.ts. Where that
 * can't be (a private window, http) the page needs its server, as any page does.
 * @param script of the service worker
 */
export function keepForOffline(script: string, container: ServiceWorkerContainer | null = navigator.serviceWorker ?? null): void {
  container?.register(script).catch(() => {});
}
