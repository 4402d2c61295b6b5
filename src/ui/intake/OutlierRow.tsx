import { MultiSelect, Switch } from '@mantine/core';
import { type CleaningCounts, type OutlierRule, USUAL_LIMITS } from '../../domain/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import { plural } from '../common/format.ts';
import { NumberField } from '../common/NumberField.tsx';
import classes from './Intake.module.css';
import { Choice, Row } from './rule-fields.tsx';

/** What each method calls far out, as most do. */
const LIMITS: Readonly<Record<OutlierRule['method'], { readonly limit: number; readonly unit: string; readonly step: number }>> =
  {
    'z-score': { limit: 3, unit: 'standard deviations from the mean', step: 0.5 },
    iqr: { limit: 1.5, unit: 'interquartile ranges beyond the quartiles', step: 0.5 },
    'isolation-forest': { limit: 0.6, unit: 'anomaly score at least (0 to 1)', step: 0.05 },
  };

/** Numbers far out: by which method, in which columns, and what becomes of them. */
export function OutlierRow({ counts }: { counts: CleaningCounts | null }) {
  const rule = useApp((s) => s.intake.cleaning.outliers);
  const { setCleaning } = useActions();
  const usual = counts?.at.outliers ?? USUAL_LIMITS.outliers;
  const told = counts && `${plural(counts.outliers, 'row')}${rule === null ? ` at ${usual.method} ${usual.limit}` : ''}`;
  return (
    <>
      <Row on={rule !== null} told={told}>
        <Switch
          label="Numbers far out (outliers)"
          checked={rule !== null}
          onChange={() => setCleaning({ outliers: rule === null ? usual : null })}
        />
      </Row>
      {rule && <OutlierFields rule={rule} />}
    </>
  );
}

function OutlierFields({ rule }: { rule: OutlierRule }) {
  const { setCleaning } = useActions();
  const survey = useApp((s) => s.survey.survey);
  const columns = (survey?.quality ?? []).flatMap((table) =>
    table.columns.filter(({ type }) => type === 'number').map(({ name }) => name),
  );
  const set = (change: Partial<OutlierRule>): void => setCleaning({ outliers: { ...rule, ...change } });
  const { unit, step } = LIMITS[rule.method];
  return (
    <div className={`${classes.rule} ${classes.wide}`} style={{ paddingLeft: 40 }}>
      <Choice
        label="Method for outliers"
        data={{ 'z-score': 'z-score', iqr: 'Quartiles (IQR)', 'isolation-forest': 'Isolation forest' }}
        value={rule.method}
        onChange={(method) => set({ method, limit: LIMITS[method].limit })}
      />
      <NumberField
        aria-label="Limit for outliers"
        w={76}
        value={rule.limit}
        min={0.001}
        step={step}
        decimalScale={3}
        onChange={(limit) => set({ limit })}
      />
      {unit}
      <Choice
        label="What becomes of outliers"
        data={{ mark: 'are only counted', cap: 'are pulled to the limit', 'set-aside': 'are set aside' }}
        value={rule.action}
        onChange={(action) => set({ action })}
      />
      <MultiSelect
        aria-label="Columns for outliers"
        miw={220}
        data={[...new Set([...columns, ...rule.columns])]}
        value={[...rule.columns]}
        placeholder={rule.columns.length === 0 ? 'The number column' : ''}
        onChange={(chosen) => set({ columns: chosen })}
      />
    </div>
  );
}
