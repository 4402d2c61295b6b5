import { parentPort } from 'node:worker_threads';
import { createTeamHelper } from '../engine/index.ts';

/** A thread of Node that runs kernels for another: see team.ts. */
const helper = createTeamHelper((why) => parentPort?.postMessage(why));
parentPort?.on('message', (message) => helper.hear(message));
