import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

/**
 * Hosts beside its own that the page may talk to: none (promise P1). To let analysts fetch models from the hub, after a dialog that names host, files
 * and sizes, name the hub and where it sends browsers for large files:
 *
 *     export const MODEL_HOSTS: readonly string[] = ['https://huggingface.co', 'https://*.hf.co'];
 */
export const MODEL_HOSTS: readonly string[] = [];

/** Promise P1 as a policy: nothing but the origin, and `hosts`, is reachable, from the page or from any worker. */
const policyFor = (hosts: readonly string[]): Readonly<Record<string, string>> => ({
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'connect-src': ["'self'", ...hosts].join(' '),
  'worker-src': "'self' blob:",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
});

/**
 * Hot reload needs an inline script and a web socket; everything else stays as it is in the built page. The socket's address is
 * that of the dev server (vite.config.ts): `ws:` alone would let data out to any host.
 */
const devPolicyFor = (hosts: readonly string[]): Readonly<Record<string, string>> => ({
  ...policyFor([...hosts, 'ws://localhost:5173']),
  'script-src': "'self' 'wasm-unsafe-eval' 'unsafe-inline'",
});

const write = (policy: Readonly<Record<string, string>>): string =>
  Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/** Of the built page. */
export const contentPolicyFor = (hosts: readonly string[]): string => write(policyFor(hosts));
export const contentSecurityPolicy = contentPolicyFor(MODEL_HOSTS);
export const developmentPolicy = write(devPolicyFor(MODEL_HOSTS));

/** The headers of every response, worker scripts included: a meta policy does not reach a worker that is loaded by URL. */
export const responseHeaders = (policy = contentSecurityPolicy): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});

/** Vite plugin: the headers by dev and preview, and the policy as meta in the built index.html. */
export function securityHeaders(): Plugin {
  const sender =
    (headers: Readonly<Record<string, string>>) => (_: IncomingMessage, response: ServerResponse, next: () => void) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      next();
    };
  return {
    name: 'murmuration:security',
    configureServer: (server) => void server.middlewares.use(sender(responseHeaders(developmentPolicy))),
    configurePreviewServer: (server) => void server.middlewares.use(sender(responseHeaders())),
    transformIndexHtml: (_, context) =>
      context.server
        ? []
        : [
            {
              tag: 'meta',
              attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
              injectTo: 'head-prepend',
            },
          ],
  };
}
