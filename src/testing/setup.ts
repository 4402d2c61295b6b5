import fc from 'fast-check';

/** The same cases on every run, so that a red run can be repeated; other seeds are for the developer's own trials. */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1) });
