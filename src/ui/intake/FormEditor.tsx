import { Autocomplete, Button, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  type Dialect,
  ENCODINGS,
  type Encoding,
  type FilePreview,
  type FormChoice,
  type FormSureness,
} from '../../domain/index.ts';
import { isBusy } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { DELIMITER_NAMES, delimiterName, delimiterOf, ENCODING_NAMES } from './form-words.ts';
import classes from './Intake.module.css';

type Set = (choice: FormChoice) => void;

/** Every part of a table's form that its format leaves to choose. What is set looks at the file again at once. */
export function FormEditor({ preview }: { preview: FilePreview }) {
  const { setForm } = useActions();
  const busy = useApp((s) => isBusy(s.job));
  const chosen = useApp((s) => s.intake.forms[preview.name] !== undefined);
  const { form, sureness, name } = preview;
  const set: Set = (choice) => void setForm(name, choice);
  return (
    <div className={classes.editor}>
      <div className={classes.fields}>
        {form.sheets.length > 0 && (
          <Select
            label="Sheet"
            data={[...form.sheets]}
            value={form.sheet}
            readOnly={busy}
            allowDeselect={false}
            onChange={(sheet) => sheet !== null && set({ sheet })}
          />
        )}
        {form.encoding !== null && (
          <Select
            label="Encoding"
            data={ENCODINGS.map((value) => ({ value, label: ENCODING_NAMES[value] }))}
            value={form.encoding}
            readOnly={busy}
            allowDeselect={false}
            onChange={(encoding) => encoding !== null && set({ encoding: encoding as Encoding })}
          />
        )}
        {form.dialect !== null && form.format === 'text' && <DialectFields dialect={form.dialect} set={set} busy={busy} />}
        {form.dialect !== null && <HeaderFields dialect={form.dialect} rows={form.format === 'xlsx'} set={set} busy={busy} />}
      </div>
      <Whys sureness={sureness} />
      {chosen && (
        <Button variant="default" size="xs" mt={12} disabled={busy} onClick={() => void setForm(name, null)}>
          As detected
        </Button>
      )}
    </div>
  );
}

/** What speaks for what was found. */
const Whys = ({ sureness }: { sureness: FormSureness }) => (
  <ul className={classes.whys}>
    {Object.entries(sureness).map(([what, { why }]) => (
      <li key={what}>
        <b>{WHAT[what as keyof FormSureness]}</b>: {why}.
      </li>
    ))}
  </ul>
);

const WHAT: Readonly<Record<keyof FormSureness, string>> = { encoding: 'Encoding', delimiter: 'Delimiter', header: 'Header' };

interface DialectProps {
  readonly dialect: Dialect;
  readonly set: Set;
  readonly busy: boolean;
}

function DialectFields({ dialect, set: setForm, busy }: DialectProps) {
  const set = (change: Partial<Dialect>): void => setForm({ dialect: change });
  return (
    <>
      <DelimiterField
        key={`delimiter ${dialect.delimiter}`}
        delimiter={dialect.delimiter}
        busy={busy}
        onSet={(delimiter) => set({ delimiter })}
      />
      <Select
        label="Quotes"
        data={[
          { value: '"', label: 'Double: "…"' },
          { value: "'", label: "Single: '…'" },
          { value: 'none', label: 'None' },
        ]}
        value={dialect.quote ?? 'none'}
        readOnly={busy}
        allowDeselect={false}
        onChange={(quote) => set({ quote: quote === 'none' ? null : (quote as Dialect['quote']) })}
      />
      {dialect.quote !== null && (
        <Select
          label="A quote inside quotes"
          data={[
            { value: 'doubled', label: `Twice: ${dialect.quote}${dialect.quote}` },
            { value: 'backslash', label: `Escaped: \\${dialect.quote}` },
          ]}
          value={dialect.escape}
          readOnly={busy}
          allowDeselect={false}
          onChange={(way) => set({ escape: way as Dialect['escape'] })}
        />
      )}
      <SignField
        key={`comment ${dialect.comment}`}
        label="Comment lines begin with"
        value={dialect.comment}
        busy={busy}
        onSet={(comment) => set({ comment })}
      />
    </>
  );
}

/** Where the table begins: of a sheet as of a text. */
function HeaderFields({ dialect, rows, set: setForm, busy }: DialectProps & { rows: boolean }) {
  const set = (change: Partial<Dialect>): void => setForm({ dialect: change });
  return (
    <>
      <NumberInput
        key={`skip ${dialect.skip}`}
        label={rows ? 'Rows to skip' : 'Lines to skip'}
        defaultValue={dialect.skip}
        min={0}
        max={1000}
        allowDecimal={false}
        readOnly={busy}
        onBlur={(event) => {
          const skip = Number(event.currentTarget.value);
          if (Number.isInteger(skip) && skip !== dialect.skip) set({ skip });
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      <Switch
        className={classes.switch}
        label="The first row names the columns"
        checked={dialect.header}
        disabled={busy}
        onChange={() => set({ header: !dialect.header })}
      />
    </>
  );
}

interface DelimiterProps {
  readonly delimiter: string;
  readonly busy: boolean;
  readonly onSet: (delimiter: string) => void;
}

/** Taken when it is left, on Enter, or from the list. */
function DelimiterField({ delimiter, busy, onSet }: DelimiterProps) {
  const [typed, setTyped] = useState(delimiterName(delimiter));
  const take = (text: string): void => {
    const next = delimiterOf(text);
    if (next !== null && next !== delimiter) onSet(next);
    else setTyped(delimiterName(delimiter));
  };
  return (
    <Autocomplete
      label="Delimiter"
      // All of them, whatever stands in the field.
      filter={({ options }) => options}
      data={[...Object.values(DELIMITER_NAMES), '::']}
      value={typed}
      readOnly={busy}
      onChange={setTyped}
      onOptionSubmit={take}
      onBlur={() => take(typed)}
      onKeyDown={(event) => event.key === 'Enter' && take(typed)}
    />
  );
}

interface SignProps {
  readonly label: string;
  readonly value: string | null;
  readonly busy: boolean;
  readonly onSet: (value: string | null) => void;
}

const SignField = ({ label, value, busy, onSet }: SignProps) => (
  <TextInput
    label={label}
    defaultValue={value ?? ''}
    placeholder="None"
    readOnly={busy}
    onBlur={(event) => {
      const next = event.currentTarget.value.trim() || null;
      if (next !== value) onSet(next);
    }}
    onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
  />
);
