import { MultiSelect, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import {
  availableColumns,
  type ColumnRole,
  LACKING,
  type PartialMapping,
  TIME_FORMATS,
  type TimeFormat,
} from '../../domain/index.ts';
import { numberColumns, openQuestions } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Note } from '../common/Note.tsx';
import { Section } from '../common/Panel.tsx';
import { TemplateField } from './TemplateField.tsx';

const FORMAT_WORDS: Readonly<Record<TimeFormat, string>> = {
  iso: 'ISO: 2024-03-31 12:00',
  'unix-seconds': 'Unix seconds',
  'unix-milliseconds': 'Unix milliseconds',
  mdy: 'Month first: 3/31/2024',
  dmy: 'Day first: 31/3/2024',
  ymd: 'Year first: 2024/3/31',
  cjk: '2024年3月31日',
  'unix-microseconds': 'Unix microseconds',
  'excel-serial': 'Excel day numbers',
  'relative-days': 'Days since a start',
};

const IN_TEXTS = 'Part of the texts: segments will agree with it by themselves.';

/** Which column plays which part, with the reason of the proposal while it stands. */
export function RoleForm() {
  const mapping = useApp((s) => s.mapping);
  const proposal = useApp((s) => s.proposal);
  const previews = useApp((s) => s.previews);
  const { setMapping } = useActions();
  const intake = useApp((s) => s.intake);
  const columns = availableColumns(previews, intake);
  const reason = (role: ColumnRole): string | undefined =>
    role === 'label' && mapping.label !== null && mapping.text.includes(mapping.label) ? IN_TEXTS : proposed(role);
  const proposed = (role: ColumnRole): string | undefined =>
    proposal && JSON.stringify(mapping[role]) === JSON.stringify(proposal.mapping[role]) ? proposal.reasons[role] : undefined;
  const single = (role: Exclude<ColumnRole, 'text' | 'numbers'>, label: string, required = false) => (
    <Select
      label={label}
      description={reason(role)}
      inputWrapperOrder={required ? ['label', 'description', 'input', 'error'] : ['label', 'input', 'description', 'error']}
      data={columns}
      value={mapping[role]}
      onChange={(value) => setMapping({ [role]: value })}
      placeholder={required ? 'Choose a column' : 'None'}
      clearable={!required}
      searchable={columns.length > 8}
      withAsterisk={required}
      error={required && mapping[role] === null}
      allowDeselect={false}
    />
  );
  const notes = (proposal?.notes ?? []).filter((note) => !isMended(note, mapping));
  return (
    <>
      {notes.length > 0 && (
        <Section>
          <Note tone="caution">
            {notes.map((note) => (
              <div key={note}>{note}</div>
            ))}
          </Note>
        </Section>
      )}
      <Section>
        <Stack gap={12}>
          {single('user', 'User: who', true)}
          {single('time', 'Time: when', true)}
          <WrittenAs />
          <MultiSelect
            label="Text: what"
            withAsterisk
            description={reason('text')}
            data={columns}
            value={[...mapping.text]}
            onChange={(text) => setMapping({ text })}
            error={mapping.text.length === 0}
            searchable={columns.length > 8}
            {...(mapping.text.length === 0 ? { placeholder: 'Choose one or more columns' } : {})}
          />
          <TemplateField />
        </Stack>
      </Section>
      <Section title="Optional">
        <SimpleGrid cols={2} spacing={12} verticalSpacing={10} style={{ alignItems: 'start' }}>
          {single('type', 'Type of event')}
          {single('item', 'Item id')}
          {single('value', 'Number')}
          {single('label', 'Known group')}
        </SimpleGrid>
        <NumbersField />
        <Text size="xs" c="dimmed" mt={10}>
          Types can be given weights under Profiles, and what users do and its numbers can count there beside what they read. A
          known group is compared with the segments found, and never used to find them. An item id is read and checked only.
        </Text>
      </Section>
    </>
  );
}

/** Numbers of any kind beside the one that is the event's value. */
function NumbersField() {
  const chosen = useApp((s) => s.mapping.numbers);
  const columns = useApp(useShallow(numberColumns));
  const { setMapping } = useActions();
  if (columns.length === 0) return null;
  return (
    <MultiSelect
      mt={10}
      label="More numbers"
      data={columns}
      value={[...chosen]}
      onChange={(numbers) => setMapping({ numbers })}
      {...(chosen.length === 0 ? { placeholder: 'None' } : {})}
    />
  );
}

/** A part that had no column has been given one since. */
const isMended = (note: string, { user, time, text }: PartialMapping): boolean =>
  (user !== null && note.startsWith(LACKING.user)) ||
  (time !== null && note.startsWith(LACKING.time)) ||
  (text.length > 0 && note.startsWith(LACKING.text));

/** How the times are written, and where days begin to count if they are counted. */
function WrittenAs() {
  const { timeFormat, timeOrigin } = useApp((s) => s.mapping);
  const asked = useApp((s) => openQuestions(s).some(({ kind }) => kind === 'date-order'));
  const { setMapping } = useActions();
  return (
    <>
      <Select
        label="Written as"
        data={TIME_FORMATS.map((value) => ({ value, label: FORMAT_WORDS[value] }))}
        value={asked ? null : timeFormat}
        placeholder="Day first or month first?"
        onChange={(value) => setMapping({ timeFormat: (value ?? 'iso') as TimeFormat })}
        allowDeselect={false}
      />
      {timeFormat === 'relative-days' && (
        <TextInput
          type="date"
          label="Day 0"
          value={timeOrigin ?? ''}
          onChange={(event) => setMapping({ timeOrigin: event.currentTarget.value || null })}
        />
      )}
    </>
  );
}
