import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type FilePreview, type Question, writtenBothWays } from '../../domain/index.ts';
import { openQuestions } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { bothReadings } from './date-words.ts';
import classes from './Intake.module.css';

/** What the files do not tell. Nothing is analysed before it is answered. */
export function Questions() {
  const questions = useApp(useShallow((s) => openQuestions(s).map((question) => JSON.stringify(question))));
  return questions.map((text) => {
    const question = JSON.parse(text) as Question;
    return question.kind === 'date-order' ? (
      <DateOrder key={text} question={question} />
    ) : (
      <TimeOrigin key={text} question={question} />
    );
  });
}

function DateOrder({ question: { column, examples } }: { question: Question }) {
  const { setMapping } = useActions();
  const bothWays = useApp((s) => s.previews.some(({ columns }) => columns.some((c) => c.name === column && writtenBothWays(c))));
  const cells = useApp(useShallow((s) => cellsOf(s.previews, column)));
  const example = [...examples, ...cells].find((text) => bothReadings(text) !== null) ?? '';
  const read = bothReadings(example);
  return (
    <section className={classes.question} aria-label="Question about the dates">
      <h2 className={classes.asked}>
        {read ? `Is ${example} ${read.dmy} or ${read.mdy}?` : `Does the day or the month come first in “${column}”?`}
      </h2>
      <p className={classes.why}>
        {bothWays
          ? `The rows of “${column}” do not agree: some fit day first only, some month first only`
          : `No row of “${column}” tells: every date fits day first and month first alike`}
        {examples.length > 1 && ` (${examples.join(', ')})`}. All rows are read the same way
        {bothWays && ', and those that do not fit it are set aside'}.
      </p>
      <div className={classes.answers}>
        <Button variant="default" size="xs" onClick={() => setMapping({ timeFormat: 'dmy' })}>
          Day first{read && `: ${read.dmy}`}
        </Button>
        <Button variant="default" size="xs" onClick={() => setMapping({ timeFormat: 'mdy' })}>
          Month first{read && `: ${read.mdy}`}
        </Button>
      </div>
    </section>
  );
}

/** Of the first rows: a date whose day and month are two numbers tells the question best. */
const cellsOf = (previews: readonly FilePreview[], column: string): string[] =>
  previews.flatMap(({ header, rows }) => {
    const at = header.indexOf(column);
    return at < 0 ? [] : rows.map((cells) => cells[at] ?? '');
  });

function TimeOrigin({ question: { column, examples } }: { question: Question }) {
  const { setMapping } = useActions();
  const [day, setDay] = useState('');
  return (
    <section className={classes.question} aria-label="Question about day 0">
      <h2 className={classes.asked}>Which date is day 0 of “{column}”?</h2>
      <p className={classes.why}>
        It holds days counted from a start that the file does not tell{examples.length > 0 && `, such as ${examples.join(', ')}`}.
      </p>
      <form
        className={classes.answers}
        onSubmit={(event) => {
          event.preventDefault();
          if (day !== '') setMapping({ timeOrigin: day });
        }}
      >
        <TextInput type="date" label="Day 0" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        <Button type="submit" variant="default" size="xs" disabled={day === ''}>
          That is day 0
        </Button>
      </form>
    </section>
  );
}
