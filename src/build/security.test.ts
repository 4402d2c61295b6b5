import { expect, test } from 'vitest';
import config from '../../vite.config.ts';
import { contentSecurityPolicy, developmentPolicy } from './security.ts';

/** Sources of `connect-src`. */
const connections = (policy: string): string[] => /connect-src ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];

test('P1 the page may talk to its own origin only; in development also to the dev server`s socket, and no other host', () => {
  expect(connections(contentSecurityPolicy)).toEqual(["'self'"]);
  const { host, port } = config.server ?? {};
  expect(connections(developmentPolicy)).toEqual(["'self'", `ws://${host}:${port}`]);
});
