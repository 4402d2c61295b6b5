import { spawnSync } from 'node:child_process';
import { ensureAssets, projectRoot } from './assets.ts';
import { findChromium, vulkanEnvironment } from './browser.ts';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

/** Cheap checks first, so that a slip is told in seconds. */
const ALL: readonly Check[] = [
  { name: 'types', command: ['tsc'] },
  { name: 'types without DOM (domain, gpu, engine)', command: ['tsc', '-p', 'src/engine'] },
  { name: 'lint and format', command: ['biome', 'check', '.'] },
  { name: 'unit, import table and GPU', command: ['vitest', 'run', '--project=unit', '--project=gpu'] },
  { name: 'build of the app', command: ['vite', 'build', '--logLevel', 'warn'] },
  { name: 'end to end', command: ['playwright', 'test', '--config', 'e2e', '--project=app', '--project=webgpu'] },
];

/** On real files, which the project does not hold: MURMURATION_DATA names their folder. */
const DATA: readonly Check[] = [
  { name: 'real data', command: ['vitest', 'run', '--project=data'] },
  { name: 'build of the app', command: ['vite', 'build', '--logLevel', 'warn'] },
  { name: 'real data in the browser', command: ['playwright', 'test', '--config', 'e2e', '--project=data'] },
];

/** Minutes of whole runs: how often a run without a change tells one, and how many planted ones are told. On both cores: nothing there goes by the clock. */
const TRUST: readonly Check[] = [{ name: 'trust', command: ['vitest', 'run', '--project=trust', '--maxWorkers=2'] }];

const SUITES: Readonly<Record<string, readonly Check[]>> = { data: DATA, trust: TRUST };

function requireData(): void {
  if (!process.env.MURMURATION_DATA)
    throw new Error('MURMURATION_DATA is not set: it must name the folder with the real data files.');
}

function run(check: Check, env: Record<string, string>): boolean {
  console.log(`\n── ${check.name}`);
  const start = performance.now();
  const [tool = '', ...args] = check.command;
  const { status } = spawnSync('npx', ['--no-install', tool, ...args], { stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(`── ${check.name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return status === 0;
}

async function main(suite: string | undefined): Promise<void> {
  if (suite === 'data') requireData();
  const chromium = findChromium();
  await ensureAssets(projectRoot());
  const env = { ...vulkanEnvironment(chromium), MURMURATION_CHROMIUM: chromium };
  const results = (suite === undefined ? ALL : (SUITES[suite] ?? [])).map((check) => run(check, env));
  const failed = results.filter((passed) => !passed).length;
  console.log(`\nchecks: ${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
