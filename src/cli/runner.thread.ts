import { resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createNodeRunner, createRunnerHost, openModelFolder } from '../embed/index.ts';

/** A thread of Node that runs a copy of a model for another: see node-runners.ts. */
const folders = workerData as readonly string[];
const runner = createNodeRunner(resolve('.'), () => Promise.all(folders.map(openModelFolder)));
const host = createRunnerHost(runner, (answer, transfer) => parentPort?.postMessage(answer, transfer));
parentPort?.on('message', (message) => void host.hear(message));
