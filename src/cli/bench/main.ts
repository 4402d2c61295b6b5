import { toAppError } from '../../domain/index.ts';
import { parseBench } from './arguments.ts';
import { bench } from './bench.ts';
import { writeTable } from './table.ts';

/** Exit code 0, or 1 with the usage for a mistake in what was asked or a refused answer, or 2 with details for a failure. */
try {
  const asked = parseBench(process.argv.slice(2));
  if ('table' in asked) writeTable(asked.table);
  else process.exitCode = await bench(asked, (text) => console.log(text));
} catch (thrown) {
  const error = toAppError(thrown);
  console.error(`${error.message}\n${error.hint}${error.kind === 'input' ? '' : `\n${error.detail}`}`);
  process.exitCode = error.kind === 'input' ? 1 : 2;
}
