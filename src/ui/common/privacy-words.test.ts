import { expect, test } from 'vitest';
import { privacyWords } from './privacy-words.ts';

const COUNT = { requests: 3, outside: 0, allowed: [] };
const HUB = { ...COUNT, allowed: ['https://huggingface.co', 'https://*.hf.co'] };

test('P1 where nothing else is allowed and nothing was asked for, nothing left', () => {
  const { safe, title, label } = privacyWords(COUNT, []);
  expect([safe, title]).toEqual([true, 'Nothing left this machine']);
  expect(label).toMatch(/^3 requests .* own address\. A content security policy blocks every other;/);
});

test('P1 a policy that lets models be fetched is named, and not said to block all', () => {
  const { title, label } = privacyWords(HUB, []);
  expect(title).toBe('Nothing left this machine');
  expect(label).toMatch(/fetch models from https:\/\/huggingface\.co and https:\/\/\*\.hf\.co, once you say yes/);
});

test('P1 a model that was asked for is told: data stayed, but not nothing left', () => {
  const { safe, title, label } = privacyWords(HUB, ['Xenova/bge-small-zh-v1.5']);
  expect([safe, title]).toEqual([true, 'No data left this machine']);
  expect(label).toContain('You had Xenova/bge-small-zh-v1.5 fetched');
});

test('P1 a blocked request is louder than all else', () => {
  const { safe, title } = privacyWords({ ...HUB, outside: 1 }, ['m']);
  expect([safe, title]).toEqual([false, 'An outside request was blocked']);
});
