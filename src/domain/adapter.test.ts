import { expect, test } from 'vitest';
import { isSoftwareAdapter } from './index.ts';

test('software adapters are known by flag or by name, real ones are not taken for them', () => {
  const software = [
    { isFallbackAdapter: true },
    { vendor: 'google', architecture: 'swiftshader' },
    { description: 'llvmpipe (LLVM 19.1.7, 256 bits)' },
    { vendor: 'mesa', device: 'lavapipe' },
    { description: 'Microsoft Basic Render Driver' },
    { description: 'Direct3D11 WARP' },
  ];
  for (const info of software) expect(isSoftwareAdapter({ info })).toBe(true);
  expect(isSoftwareAdapter({ info: {}, isFallbackAdapter: true })).toBe(true);
  for (const vendor of ['nvidia', 'intel', 'apple', 'amd', 'qualcomm']) {
    expect(isSoftwareAdapter({ info: { vendor, architecture: 'any' } })).toBe(false);
  }
});
