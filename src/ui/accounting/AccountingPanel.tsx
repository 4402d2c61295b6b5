import { Text } from '@mantine/core';
import type { AnalysisResult, FileAccounting } from '../../domain/index.ts';
import { accountingTotals, addedWords } from '../../state/index.ts';
import { Agreement } from '../agreement/Agreement.tsx';
import { count, plural } from '../common/format.ts';
import { Facts, Section } from '../common/Panel.tsx';
import { useWindowNames } from '../common/use-colours.ts';
import { EmbeddedSection } from '../models/EmbeddedSection.tsx';
import classes from './AccountingPanel.module.css';
import { SetAsideList } from './SetAsideList.tsx';

/** Promise P6, shown: every row of every file; then what the numbers were made with. */
export function AccountingPanel({ result }: { result: AnalysisResult }) {
  const totals = accountingTotals(result);
  const { compute } = result;
  return (
    <>
      <Section>
        <div className={classes.sum}>
          <Figure value={totals.read} label="rows read" />
          <span className={classes.sign}>=</span>
          <Figure value={totals.kept} label="kept" />
          <span className={classes.sign}>+</span>
          <Figure value={totals.setAside} label="set aside" />
        </div>
      </Section>
      <Added result={result} />
      {result.accounting.files
        .map((file, at) => ({ file, key: `${at} ${file.name}` }))
        .map(({ file, key }) => (
          <FileRows key={key} file={file} />
        ))}
      {result.accounting.catalogue && <FileRows file={result.accounting.catalogue} catalogue />}
      <EmbeddedSection result={result} />
      <Agreement result={result} />
      <Section title="Computed on">
        <Facts
          facts={[
            ['Device', compute.device],
            compute.adapter ? ['Adapter', compute.adapter] : null,
            ['Threads', String(compute.threads)],
            ['Seed', String(result.settings.seed)],
            ['Look-ahead', result.settings.lookAhead ? 'yes' : 'none but in the tree of levels'],
          ]}
        />
        <Notes notes={compute.note === '' ? [] : [compute.note]} />
      </Section>
    </>
  );
}

/** What became of the texts of this run; where nothing went through the model, there is no pace. */
function Added({ result }: { result: AnalysisResult }) {
  const words = addedWords(result, useWindowNames(result));
  if (words === null) return null;
  return (
    <Section title="Added data">
      <Text size="sm">{words}</Text>
      <Text size="xs" c="dimmed" mt={6}>
        {plural(result.appended?.embedded ?? 0, 'text')} embedded anew.
      </Text>
    </Section>
  );
}

/** Why it ran there: worth knowing, and no reason to worry. */
const Notes = ({ notes }: { notes: readonly string[] }) =>
  notes.map((note) => (
    <Text key={note} size="xs" c="dimmed" mt={6}>
      {note}
    </Text>
  ));

const Figure = ({ value, label }: { value: number; label: string }) => (
  <div>
    <div className={classes.figure}>{count(value)}</div>
    <div className={classes.label}>{label}</div>
  </div>
);

const FileRows = ({ file, catalogue = false }: { file: FileAccounting; catalogue?: boolean }) => (
  <Section title={catalogue ? `${file.name} (catalogue)` : file.name}>
    <Text size="xs" c="dimmed">
      {plural(file.read, 'row')} read, {count(file.kept)} {catalogue ? 'to join with' : 'kept'} · sha256{' '}
      {file.sha256.slice(0, 10)}…
    </Text>
    <SetAsideList file={file} of="result" />
  </Section>
);
