import { Select, Switch, TagsInput } from '@mantine/core';
import { DEFAULT_MISSING, type Intake } from '../../domain/index.ts';
import { sameValue } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { Fold } from '../common/Fold.tsx';
import { plural } from '../common/format.ts';
import { ZONES } from '../common/zones.ts';
import classes from './Intake.module.css';

/** How cells are understood: the zone of times without one, the decimal mark, ids, and what says "nothing". */
export function ReadingFold() {
  const intake = useApp((s) => s.intake);
  const { setIntake } = useActions();
  const zones = ZONES.includes(intake.zone) ? ZONES : [intake.zone, ...ZONES];
  return (
    <Fold title="Times, numbers, missing values" summary={summary(intake)}>
      <div className={classes.fields}>
        <Select
          label="Zone of times without one"
          description="Windows follow it"
          data={zones}
          value={intake.zone}
          searchable
          limit={200}
          allowDeselect={false}
          onChange={(zone) => zone !== null && setIntake({ zone })}
        />
        <Select
          label="Decimal mark"
          description="Of the number column"
          data={[
            { value: '.', label: 'Point: 1,234.5' },
            { value: ',', label: 'Comma: 1.234,5' },
          ]}
          value={intake.decimal}
          allowDeselect={false}
          onChange={(mark) => setIntake({ decimal: mark as Intake['decimal'] })}
        />
        <Switch
          className={classes.switch}
          label="17850.0 and 17850 are the same id"
          checked={intake.sameIds}
          onChange={() => setIntake({ sameIds: !intake.sameIds })}
        />
        <TagsInput
          className={classes.wide}
          size="xs"
          label="Cells that say nothing"
          description="The empty cell always does. Type a word and press Enter."
          data={[...DEFAULT_MISSING]}
          value={[...intake.missing]}
          onChange={(missing) => setIntake({ missing })}
          clearable
          maxDropdownHeight={160}
          isDuplicate={(word, words) => words.includes(word)}
        />
      </div>
    </Fold>
  );
}

const summary = ({ zone, decimal, missing, sameIds }: Intake): string =>
  [
    zone,
    decimal === '.' ? 'decimal point' : 'decimal comma',
    sameValue(missing, DEFAULT_MISSING) ? 'usual words for missing' : `${plural(missing.length, 'word')} for missing`,
    sameIds ? '17850.0 = 17850' : '',
  ]
    .filter(Boolean)
    .join(' · ');
