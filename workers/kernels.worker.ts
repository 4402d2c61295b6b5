import { createTeamHelper, type ToHelper } from '../src/engine/index.ts';

/** A thread of the analysis worker: it runs kernels on the memory they share, and waits for the next without hearing messages. */
const helper = createTeamHelper((why) => postMessage(why));
addEventListener('message', ({ data }: MessageEvent<ToHelper>) => helper.hear(data));
