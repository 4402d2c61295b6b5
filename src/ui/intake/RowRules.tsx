import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { availableColumns, type RowRule } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import classes from './Intake.module.css';
import { Row } from './rule-fields.tsx';

const TESTS: Readonly<Record<RowRule['test'], string>> = {
  negative: 'is negative',
  zero: 'is zero',
  'starts-with': 'starts with',
  equals: 'is',
  contains: 'contains',
};
const takesValue = (test: RowRule['test']): boolean => test !== 'negative' && test !== 'zero';

/** Rows that are set aside by what stands in a column: cancelled orders, negative quantities. */
export function RowRules() {
  const rules = useApp((s) => s.intake.cleaning.rules);
  const counts = useApp((s) => s.survey.survey?.cleaning.rules);
  const intake = useApp((s) => s.intake);
  const previews = useApp((s) => s.previews);
  const { setCleaning } = useActions();
  const columns = availableColumns(previews, intake);
  const change = (at: number, part: Partial<RowRule>): void =>
    setCleaning({ rules: rules.map((rule, i) => (i === at ? { ...rule, ...part } : rule)) });
  const add = (): void => setCleaning({ rules: [...rules, { column: columns[0] ?? '', test: 'starts-with', value: '' }] });
  const listed = rules.map((rule, at) => ({ rule, at, key: `rule ${at}` }));
  return (
    <>
      <h3 className={classes.heading}>Rows by a rule: cancelled, negative, …</h3>
      <div className={classes.rules}>
        {listed.map(({ rule, at, key }) => (
          <Row key={key} on told={counts?.[at] === undefined ? null : plural(counts[at], 'row')}>
            <div className={classes.rowRule} style={{ flex: 1 }}>
              <Select
                aria-label="Column of the rule"
                data={[...new Set([...columns, rule.column])]}
                value={rule.column}
                searchable={columns.length > 8}
                allowDeselect={false}
                onChange={(column) => column !== null && change(at, { column })}
              />
              <Select
                aria-label="Test of the rule"
                data={Object.entries(TESTS).map(([value, label]) => ({ value, label }))}
                value={rule.test}
                allowDeselect={false}
                onChange={(test) => {
                  const next = test as RowRule['test'];
                  change(at, { test: next, ...(takesValue(next) ? {} : { value: '' }) });
                }}
              />
              {takesValue(rule.test) ? (
                <TextInput
                  aria-label="Value of the rule"
                  value={rule.value}
                  onChange={(event) => change(at, { value: event.currentTarget.value })}
                />
              ) : (
                <span />
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label="Remove the rule"
                onClick={() => setCleaning({ rules: rules.filter((_, i) => i !== at) })}
              >
                <IconX size={14} />
              </ActionIcon>
            </div>
          </Row>
        ))}
      </div>
      <Button
        variant="default"
        size="compact-xs"
        mt={rules.length > 0 ? 8 : 0}
        leftSection={<IconPlus size={12} />}
        onClick={add}
      >
        Rule
      </Button>
    </>
  );
}
