import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import packageJson from '../package.json';
import type { AnalysisResult } from './domain/index.ts';
import {
  browserPlace,
  createServices,
  createUnfinishedRuns,
  keepForOffline,
  loadSample,
  readEnvironment,
  saveFile,
  watchNetwork,
} from './services/index.ts';
import { accountingJson, assignmentsCsv, manifestJson, parseManifest, tracksJson } from './share/index.ts';
import { type AppServices, createAppStore } from './state/index.ts';
import { App } from './ui/index.ts';

/** For tests: a software adapter is slower than the CPU and is never chosen for a user. */
const asked = new URLSearchParams(location.search);
const allowSoftwareGpu = asked.get('test-software-gpu') === '1';
/** For tests: a trial of some seconds before each of them, in a browser that remembers none, is time that tells nothing. */
const trial = asked.get('test-no-trial') !== '1';

const asCsv = (text: string): Blob => new Blob([text], { type: 'text/csv' });
const asJson = (text: string): Blob => new Blob([text], { type: 'application/json' });

const services: AppServices = {
  version: packageJson.version,
  ...createServices({ allowSoftwareGpu, trial }),
  unfinished: createUnfinishedRuns(browserPlace(), parseManifest),
  sample: { load: loadSample },
  exports: {
    assignmentsCsv: (result: AnalysisResult) => asCsv(assignmentsCsv(result)),
    tracksJson: (result: AnalysisResult) => asJson(tracksJson(result)),
    accountingJson: (result: AnalysisResult) => asJson(accountingJson(result)),
    manifest: (result: AnalysisResult) => asJson(manifestJson(result, packageJson.version)),
    parseManifest,
  },
  save: saveFile,
  environment: async () => {
    const { webgpu, software } = await readEnvironment();
    return { webgpu, software: software && !allowSoftwareGpu };
  },
  network: watchNetwork(),
};

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App store={createAppStore(services)} />
  </StrictMode>,
);

// The dev server has no built files to keep.
if (import.meta.env.PROD) keepForOffline(`${import.meta.env.BASE_URL}offline.js`);
