import { Switch } from '@mantine/core';
import { type Cleaning, type CleaningCounts, USUAL_LIMITS } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Fold } from '../common/Fold.tsx';
import { count, plural } from '../common/format.ts';
import { NumberField } from '../common/NumberField.tsx';
import { cleaningSummary } from './cleaning-words.ts';
import classes from './Intake.module.css';
import { OutlierRow } from './OutlierRow.tsx';
import { RowRules } from './RowRules.tsx';
import { Choice, Row } from './rule-fields.tsx';

/** What is done with rows that could be read; each rule with what it would touch, alone, at its limit. */
export function CleaningFold() {
  const cleaning = useApp((s) => s.intake.cleaning);
  const counts = useApp((s) => s.survey.survey?.cleaning ?? null);
  const going = useApp((s) => s.survey.going);
  const valued = useApp((s) => s.mapping.value !== null);
  const { setCleaning } = useActions();
  return (
    <Fold title="Cleaning" summary={cleaningSummary(cleaning, counts)} busy={going}>
      <div className={classes.rules}>
        <Row on={cleaning.duplicates} told={rows(counts?.duplicates)}>
          <Switch
            label="Set aside rows that repeat another in every cell"
            checked={cleaning.duplicates}
            onChange={() => setCleaning({ duplicates: !cleaning.duplicates })}
          />
        </Row>
        <LimitRow
          label="Set aside the same event again within"
          unit="seconds"
          short="s"
          value={cleaning.repeatSeconds}
          usual={counts?.at.repeatSeconds ?? USUAL_LIMITS.repeatSeconds}
          least={0}
          told={rows(counts?.repeats)}
          onChange={(repeatSeconds) => setCleaning({ repeatSeconds })}
        />
        <Row on={cleaning.missingText === 'from-item'} told={missingText(counts)}>
          Rows without text
          <Choice
            label="Rows without text"
            data={{ 'set-aside': 'are set aside', 'from-item': 'take the text of their item' }}
            value={cleaning.missingText}
            onChange={(choice) => setCleaning({ missingText: choice })}
          />
        </Row>
        <OutlierRow counts={counts} />
        {valued && (
          <Row on={cleaning.fill !== 'left'} told={rows(counts?.missingNumbers)}>
            Missing numbers
            <Choice
              label="Missing numbers"
              data={{
                left: 'stay missing',
                mean: 'become the mean',
                median: 'become the median',
                mode: 'become the most frequent',
              }}
              value={cleaning.fill}
              onChange={(fill) => setCleaning({ fill })}
            />
          </Row>
        )}
        <LimitRow
          label="Set aside users with fewer than"
          unit="events"
          short="events"
          value={cleaning.minUserEvents}
          usual={counts?.at.minUserEvents ?? USUAL_LIMITS.minUserEvents}
          least={1}
          told={counts && ofUsers(counts.fewEvents)}
          onChange={(minUserEvents) => setCleaning({ minUserEvents })}
        />
        <LimitRow
          label="Set aside as bots: users with more than"
          unit="events on a day"
          short="a day"
          value={cleaning.maxDayEvents}
          usual={counts?.at.maxDayEvents ?? USUAL_LIMITS.maxDayEvents}
          least={1}
          told={counts && ofUsers(counts.bots)}
          onChange={(maxDayEvents) => setCleaning({ maxDayEvents })}
        />
      </div>
      <TextRows cleaning={cleaning} counts={counts} />
      <RowRules />
    </Fold>
  );
}

const rows = (n: number | undefined): string | null => (n === undefined ? null : plural(n, 'row'));
const ofUsers = (n: CleaningCounts['bots']): string => `${plural(n.rows, 'row')} of ${plural(n.users, 'user')}`;
const missingText = (counts: CleaningCounts | null): string | null =>
  counts && (counts.missingText === 0 ? '0 rows' : `${rows(counts.missingText)}, ${count(counts.textFromItem)} can be filled`);

interface LimitRowProps {
  readonly label: string;
  readonly unit: string;
  /** Of the unit. */
  readonly short: string;
  /** null = off */
  readonly value: number | null;
  readonly usual: number;
  readonly least: number;
  readonly told: string | null;
  readonly onChange: (value: number | null) => void;
}

function LimitRow({ label, unit, short, value, usual, least, told, onChange }: LimitRowProps) {
  return (
    <Row on={value !== null} told={value === null && told !== null ? `${told} at ${count(usual)} ${short}` : told}>
      <Switch label={label} checked={value !== null} onChange={() => onChange(value === null ? usual : null)} />
      <NumberField
        aria-label={`${label}: ${unit}`}
        w={84}
        value={value ?? usual}
        min={least}
        disabled={value === null}
        onChange={onChange}
      />
      {unit}
    </Row>
  );
}

const TEXT_RULES: Readonly<Record<keyof Cleaning['text'], string>> = {
  collapse: 'Runs of blanks become one',
  lowerCase: 'Capitals become small letters',
  nfkc: 'Full width, ligatures and the like become plain (Unicode NFKC)',
  stripHtml: 'HTML tags and entities are taken out',
};

function TextRows({ cleaning: { text }, counts }: { cleaning: Cleaning; counts: CleaningCounts | null }) {
  const { setCleaning } = useActions();
  return (
    <>
      <h3 className={classes.heading}>Texts</h3>
      <div className={classes.rules}>
        {(Object.keys(TEXT_RULES) as (keyof Cleaning['text'])[]).map((key) => (
          <Row key={key} on={text[key]} told={counts && plural(counts.texts[key], 'text')}>
            <Switch
              label={TEXT_RULES[key]}
              checked={text[key]}
              onChange={() => setCleaning({ text: { ...text, [key]: !text[key] } })}
            />
          </Row>
        ))}
      </div>
    </>
  );
}
