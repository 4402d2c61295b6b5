import { policyInPage } from './page.ts';

export interface NetworkCount {
  /** Requests of the page since it was loaded; those of its workers are not in a page's timeline. */
  readonly requests: number;
  /** Addresses elsewhere that the page tried to reach, each counted once: the policy stops them. */
  readonly outside: number;
  /** Addresses elsewhere that the page's content policy lets through. */
  readonly allowed: readonly string[];
}

/** Counts what `page`, an address, asked for. */
export function createNetworkLog(page: string, allowed: readonly string[] = []) {
  const outside = new Set<string>();
  let requests = 0;
  const note = (address: string): void => {
    const url = outsideUrl(address, page);
    if (url !== null) outside.add(url);
  };
  return {
    requested(address: string): void {
      requests++;
      note(address);
    },
    /** `blockedUri` is an address, or a word such as 'inline' or 'eval' where no request was blocked. */
    violated: note,
    count: (): NetworkCount => ({ requests, outside: outside.size, allowed }),
  };
}

/** What `connect-src` of a policy names beside keywords such as 'self'. */
export const addressesIn = (policy: string): string[] =>
  (/(?:^|;)\s*connect-src\s([^;]*)/i.exec(policy)?.[1] ?? '')
    .split(/\s+/)
    .filter((source) => source !== '' && !source.startsWith("'"));

/** Without its fragment, which a violation lacks and a request's entry has; null if it is the page's own or no request. */
function outsideUrl(address: string, page: string): string | null {
  const url = new URL(address, page);
  if (!/^(https?|wss?):$/.test(url.protocol) || url.host === new URL(page).host) return null;
  url.hash = '';
  return url.href;
}

/** Counts the page's requests; promise P1 shown to the user. Start it once. */
export function watchNetwork(): () => NetworkCount {
  const log = createNetworkLog(location.href, addressesIn(policyInPage() ?? ''));
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) log.requested(name);
  }).observe({ type: 'resource', buffered: true });
  // A blocked request may be told once for each policy (header, meta) and in the timeline as well.
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => log.violated(blockedURI));
  return log.count;
}
