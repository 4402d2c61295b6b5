import { toAppError } from '../domain/index.ts';
import { analyzeCommand } from './analyze.ts';

/** Exit code 0, or 1 with one line on stderr for the user's mistakes, or 2 with details for ours. */
try {
  await analyzeCommand(process.argv.slice(2));
} catch (thrown) {
  const error = toAppError(thrown);
  const oneLine = `${error.message} ${error.hint}`.replaceAll(/\s+/g, ' ').trim();
  console.error(error.kind === 'input' ? oneLine : `${oneLine}\n${error.detail}`);
  process.exitCode = error.kind === 'input' ? 1 : 2;
}
