import { ActionIcon, Button, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useId, useRef } from 'react';
import { type DerivedColumn, freeName, rowColumns, type SqlProblem } from '../../domain/index.ts';
import type { AppState } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Fold } from '../common/Fold.tsx';
import { plural, shorten } from '../common/format.ts';
import classes from './Intake.module.css';
import { markAt, quoteColumn } from './sql-words.ts';

type Insert = (text: string) => void;

/** For those who know SQL: columns that are computed, and the condition that rows have to meet. */
export function SqlFold() {
  const intake = useApp((s) => s.intake);
  const previews = useApp((s) => s.previews);
  const wrong = useApp((s) => s.sql.problem !== null || failed(s) !== null);
  const { setIntake } = useActions();
  // The field that was written in last takes the columns that are clicked.
  const insert = useRef<Insert | null>(null);
  const { derived, filter } = intake;
  const columns = rowColumns(previews, intake);
  const change = (at: number, one: Partial<DerivedColumn>): void =>
    setIntake({ derived: derived.map((column, i) => (i === at ? { ...column, ...one } : column)) });
  const add = (): void =>
    setIntake({
      derived: [...derived, { name: freeName('new column', new Set([...columns, ...derived.map((d) => d.name)])), sql: '' }],
    });
  return (
    <Fold
      title="Filter and computed columns (SQL)"
      summary={wrong ? 'to be mended' : summary(derived.length, filter)}
      caution={wrong}
    >
      <p className={classes.why}>
        SQL of DuckDB over the columns as text: cast them where needed, as in TRY_CAST("price" AS DOUBLE) &gt; 3.
      </p>
      <fieldset className={classes.columns} style={{ border: 0, padding: 0, marginTop: 8 }} aria-label="Columns to put in">
        {[...columns, ...derived.map((d) => d.name)].map((name) => (
          <Button
            key={name}
            variant="default"
            size="compact-xs"
            fw={400}
            // Not by the mouse's focus: the caret of the field is where the name goes.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => insert.current?.(quoteColumn(name))}
          >
            {shorten(name, 28)}
          </Button>
        ))}
      </fieldset>
      {derived.map((column, at) => (
        // Its place is its identity: the name is what is being typed.
        <div key={keyAt(at)} className={classes.derived}>
          <TextInput
            aria-label="Name of the computed column"
            value={column.name}
            error={column.name.trim() === ''}
            onChange={(event) => change(at, { name: event.currentTarget.value })}
          />
          <SqlField
            field={column.name}
            label={`SQL of ${column.name}`}
            placeholder={'lower("title")'}
            value={column.sql}
            insert={insert}
            onChange={(sql) => change(at, { sql })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={1}
            aria-label={`Remove ${column.name}`}
            onClick={() => setIntake({ derived: derived.filter((_, i) => i !== at) })}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button variant="default" size="compact-xs" leftSection={<IconPlus size={12} />} onClick={add} mb={12}>
        Computed column
      </Button>
      <SqlField
        field="filter"
        label="Only rows for which"
        placeholder={'"country" = \'France\''}
        value={filter}
        insert={insert}
        onChange={(text) => setIntake({ filter: text })}
      />
    </Fold>
  );
}

/** What was wrong as it was typed, or what came up on a row as the files were gone through. */
function problemIn(state: Problems, field: string): SqlProblem | null {
  const problem = state.sql.checking ? null : (state.sql.problem ?? failed(state));
  return problem?.field === field ? problem : null;
}

type Problems = Pick<AppState, 'sql' | 'survey'>;

const failed = ({ survey }: Problems): SqlProblem | null => (survey.going ? null : (survey.error?.sql ?? null));

const keyAt = (at: number): string => `column ${at}`;

const summary = (derived: number, filter: string): string =>
  [derived > 0 ? plural(derived, 'computed column') : '', filter.trim() === '' ? '' : shorten(`only ${filter.trim()}`, 60)]
    .filter(Boolean)
    .join(' · ') || 'none';

interface SqlFieldProps {
  /** As {@link SqlProblem} names it. */
  readonly field: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly insert: { current: Insert | null };
  readonly onChange: (sql: string) => void;
}

function SqlField({ field, label, placeholder, value, insert, onChange }: SqlFieldProps) {
  const problem = useApp((s) => problemIn(s, field));
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const put: Insert = (name) => {
    const { current } = area;
    if (current === null) return;
    // From the field itself: this function is kept from when it was entered.
    const { selectionStart: from, selectionEnd: to, value: text } = current;
    onChange(text.slice(0, from) + name + text.slice(to));
    requestAnimationFrame(() => {
      current.focus();
      current.setSelectionRange(from + name.length, from + name.length);
    });
  };
  return (
    <div>
      <Textarea
        ref={area}
        size="xs"
        className={classes.sql}
        label={field === 'filter' ? label : undefined}
        aria-label={label}
        aria-describedby={problem ? id : undefined}
        aria-invalid={problem !== null}
        placeholder={placeholder}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        error={problem !== null}
        value={value}
        onFocus={() => {
          insert.current = put;
        }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {problem && (
        <div id={id} role="status">
          {problem.offset !== null && <pre className={classes.caret}>{markAt(value, problem.offset)}</pre>}
          <Text className={classes.sqlError}>{problem.message}</Text>
        </div>
      )}
    </div>
  );
}
