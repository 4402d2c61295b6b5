import { expect, test } from 'vitest';
import config from '../../vite.config.ts';
import { contentPolicyFor, contentSecurityPolicy, developmentPolicy, MODEL_HOSTS } from './security.ts';

/** Sources of `connect-src`. */
const connections = (policy: string): string[] => /connect-src ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];

test('P1 the page may talk to its own origin only; in development also to the dev server`s socket, and no other host', () => {
  expect(connections(contentSecurityPolicy)).toEqual(["'self'"]);
  const { host, port } = config.server ?? {};
  expect(connections(developmentPolicy)).toEqual(["'self'", `ws://${host}:${port}`]);
});

test('P1 no other host is named as the project stands; a deployment that names the hub changes nothing else', () => {
  expect(MODEL_HOSTS).toEqual([]);
  const hub = ['https://huggingface.co', 'https://*.hf.co'];
  const opened = contentPolicyFor(hub);
  expect(connections(opened)).toEqual(["'self'", ...hub]);
  const rest = (policy: string): string[] => policy.split('; ').filter((directive) => !directive.startsWith('connect-src'));
  expect(rest(opened)).toEqual(rest(contentSecurityPolicy));
});
