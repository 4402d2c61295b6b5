import { defineConfig } from '@playwright/test';
import { APP_PORT, APP_URL, PROXY_PORT } from './fixtures/addresses.ts';

const executablePath = process.env.MURMURATION_CHROMIUM;
if (!executablePath) throw new Error('MURMURATION_CHROMIUM is not set: run the end-to-end tests through npm test.');

/** What leaves the origin goes to the counting proxy; the browser's own traffic is switched off. */
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  `--proxy-server=http://localhost:${PROXY_PORT}`,
];
/** WebGL for the map, on any machine. */
const SOFTWARE_GL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const chromium = (...args: string[]) => ({ launchOptions: { executablePath, args: [...QUIET, ...SOFTWARE_GL, ...args] } });

export default defineConfig({
  testDir: './tests',
  outputDir: '../test-results',
  // Two cores: one browser at a time.
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  forbidOnly: true,
  use: { baseURL: APP_URL, viewport: { width: 1280, height: 800 }, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'app', testIgnore: /\.(webgpu|data)\.spec\.ts$/, use: chromium('--disable-features=WebGPU') },
    { name: 'webgpu', testMatch: /\.webgpu\.spec\.ts$/, use: chromium(...SOFTWARE_WEBGPU) },
    { name: 'data', testMatch: /\.data\.spec\.ts$/, timeout: 400_000, use: chromium('--disable-features=WebGPU') },
  ],
  webServer: [
    { command: `npx vite preview --port ${APP_PORT} --strictPort`, cwd: '..', url: APP_URL, reuseExistingServer: false },
    {
      command: 'node src/build/run.mjs e2e/fixtures/proxy.ts',
      cwd: '..',
      env: { PORT: String(PROXY_PORT) },
      url: `http://localhost:${PROXY_PORT}/requests`,
      reuseExistingServer: false,
    },
  ],
});
