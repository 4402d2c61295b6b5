import { defineConfig } from '@playwright/test';
import { APP_PORT, APP_URL, PROXY_PORT } from './fixtures/addresses.ts';

const executablePath = process.env.MURMURATION_CHROMIUM;
if (!executablePath) throw new Error('MURMURATION_CHROMIUM is not set: run the end-to-end tests through npm test.');

/** What the browser would ask for of its own accord, and what Playwright switches off: a second list replaces its first. */
const BROWSER_FEATURES = [
  'AutofillServerCommunication',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'MediaRouter',
  'Translate',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'LensOverlay',
  'PaintHolding',
];
/** What leaves the origin goes to the counting proxy; the browser's own traffic is switched off or sent nowhere. */
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--gaia-url=http://localhost:9/',
  '--component-updater=url-source=http://localhost:9/',
  `--proxy-server=http://localhost:${PROXY_PORT}`,
];
/** WebGL for the map, on any machine. */
const SOFTWARE_GL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const chromium = (off: readonly string[], args: readonly string[] = []) => ({
  launchOptions: {
    executablePath,
    args: [...QUIET, ...SOFTWARE_GL, `--disable-features=${[...BROWSER_FEATURES, ...off].join(',')}`, ...args],
  },
});
const WITHOUT_WEBGPU = chromium(['WebGPU']);

export default defineConfig({
  testDir: './tests',
  outputDir: '../test-results',
  // Two cores: one browser at a time.
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  forbidOnly: true,
  // On a machine with other work a time can be missed: what passes only at the second try is told as flaky, by name.
  retries: 1,
  // No trace: its recorder holds the page, whose promptness is measured here.
  // Requests are watched and routed, which a service worker would answer itself; offline.spec.ts has one.
  use: { baseURL: APP_URL, viewport: { width: 1280, height: 800 }, screenshot: 'only-on-failure', serviceWorkers: 'block' },
  projects: [
    { name: 'app', testIgnore: /\.(webgpu|data)\.spec\.ts$/, use: WITHOUT_WEBGPU },
    { name: 'webgpu', testMatch: /\.webgpu\.spec\.ts$/, use: chromium([], SOFTWARE_WEBGPU) },
    { name: 'data', testMatch: /\.data\.spec\.ts$/, timeout: 400_000, use: WITHOUT_WEBGPU },
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
