import { fileURLToPath } from 'node:url';
import { toAppError } from '../../domain/index.ts';
import { parseBench } from './arguments.ts';
import { bench } from './bench.ts';
import { benchEmbed } from './embed/embed.ts';
import { againOnSoftware } from './gpu/software.ts';
import { benchIngest } from './ingest.ts';
import { writeTable } from './table.ts';

/** Exit code 0, or 1 with the usage for a mistake in what was asked or a refused answer, or 2 with details for a failure. */
try {
  const asked = parseBench(process.argv.slice(2));
  if ('help' in asked) console.log(asked.help);
  else if ('table' in asked) writeTable(asked.table);
  else if ('ingest' in asked) process.exitCode = await benchIngest(asked.ingest, (text) => console.log(text));
  else if ('embed' in asked) process.exitCode = await benchEmbed(asked.embed, (text) => console.log(text));
  else process.exitCode = await bench(asked, (text) => console.log(text));
} catch (thrown) {
  const error = toAppError(thrown);
  process.exitCode = (error.code === 'no-gpu' ? await againOnSoftware(fileURLToPath(import.meta.url)) : null) ?? told(error);
}

function told({ kind, message, hint, detail }: ReturnType<typeof toAppError>): number {
  console.error(`${message}\n${hint}${kind === 'input' ? '' : `\n${detail}`}`);
  return kind === 'input' ? 1 : 2;
}
