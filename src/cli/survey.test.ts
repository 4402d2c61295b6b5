import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, runCli, temporaryFolder } from './process.fixture.ts';

let folder: Folder;
const EVENTS = ['who;film;when', 'a;1;03/04/2024', 'b;2;05/06/2024', 'b;2;05/06/2024', ';1;05/06/2024', 'c;9;07/08/2024'];
const FILMS = ['film;title', '1;Café talk', '2;Rowing boats', '3;Night trains'];

beforeAll(async () => {
  folder = await temporaryFolder();
  for (const [name, lines] of Object.entries({ 'events.csv': EVENTS, 'films.csv': FILMS })) {
    await writeFile(folder.path(name), Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
  }
});
afterAll(() => folder.remove());

const survey = (...options: string[]) => runCli([folder.path('events.csv'), folder.path('films.csv'), '--survey', ...options]);
const JOIN = ['--join', 'films.csv:film=film', '--map', 'user=who,time=when,text=title'];

describe('a survey of files on the command line', () => {
  test('a question that the page would ask ends it with the option that answers it', async () => {
    const { code, told } = await survey(...JOIN);
    expect(code).toBe(1);
    expect(told.at(-1)).toMatch(
      /"when" \(.*\) do not tell day first from month first\. .*--time-format dmy or --time-format mdy/,
    );
  });

  test('P6 it tells what would become of every row, what matches and what cleaning would touch, and writes nothing', async () => {
    const { code, stdout } = await survey(...JOIN, '--time-format', 'dmy', '--clean', 'rule=who:equals:a');
    expect(code).toBe(0);
    expect(stdout).toContain('events.csv: 5 rows read = 1 kept + 4 set aside');
    expect(stdout).toContain('exact duplicate: 1 (line 4)');
    expect(stdout).toContain('films.csv: 3 rows read = 3 kept + 0 set aside');
    expect(stdout).toContain('Join: 4 events match, 1 do not, 0 have no key; 2 of 3 catalogue rows are used');
    expect(stdout).toMatch(/^Distinct texts: 1(; |$)/m);
    expect(stdout).toMatch(/rule 1: 1\n/);
    expect(stdout).toMatch(/ {2}who: .*1 of 5 missing/);
  });

  test('with --json it is the survey itself', async () => {
    const { stdout } = await survey(...JOIN, '--time-format', 'mdy', '--clean', 'duplicates=no', '--json');
    const { accounting, join: matches } = JSON.parse(stdout);
    expect(accounting.files).toMatchObject([{ name: 'events.csv', read: 5, kept: 3 }]);
    expect(matches).toMatchObject({ matched: 4, unmatched: 1 });
  });
});
