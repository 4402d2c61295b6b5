import { expect, test } from 'vitest';
import { addressesIn, createNetworkLog } from './network.ts';

const PAGE = 'https://here.test/app/';

test('P1 an address elsewhere counts as outside, once, however often and by whom it is told', () => {
  const log = createNetworkLog(PAGE);
  log.requested('https://here.test/app/a.js');
  log.requested('https://there.test/pixel?x=1#top');
  log.violated('https://there.test/pixel?x=1');
  log.violated('https://there.test/pixel?x=1');
  log.violated('wss://there.test/socket');
  expect(log.count()).toEqual({ requests: 2, outside: 2, allowed: [] });
});

test('a violation that is no request elsewhere counts as none', () => {
  const log = createNetworkLog(PAGE);
  for (const blocked of ['inline', 'eval', 'wasm-eval', 'data', 'blob', '', 'blob:https://here.test/1', 'https://here.test/x.js'])
    log.violated(blocked);
  expect(log.count()).toEqual({ requests: 0, outside: 0, allowed: [] });
});

test('P1 what a policy lets through beside the page`s own address is told', () => {
  expect(addressesIn("default-src 'none'; connect-src 'self'; img-src data:")).toEqual([]);
  expect(addressesIn("connect-src 'self' https://huggingface.co  https://*.hf.co; img-src data:")).toEqual([
    'https://huggingface.co',
    'https://*.hf.co',
  ]);
  expect(addressesIn('')).toEqual([]);
});
