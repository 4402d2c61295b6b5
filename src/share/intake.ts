import { DEFAULT_CLEANING, DEFAULT_INTAKE, ENCODINGS, type Intake, isTimeZone } from '../domain/index.ts';
import {
  type Checks,
  conform,
  isFrom,
  isListOf,
  isNullOr,
  isOneOf,
  isRecord,
  isShape,
  isText,
  isTexts,
  Misfit,
} from './conform.ts';

/** Runs of before had no intake: they read plain files and kept duplicates. */
const BEFORE: Intake = { ...DEFAULT_INTAKE, cleaning: { ...DEFAULT_CLEANING, duplicates: false } };

/**
 * The intake of a manifest. Keys that are absent take their defaults; where there is none at all, what runs did before there was one.
 * @throws Misfit for an unknown key and a wrong value, named by its path
 */
export function readIntake(value: unknown): Intake {
  if (value === undefined) return BEFORE;
  if (!isRecord(value)) throw new Misfit('"intake" is not an object');
  return conform(DEFAULT_INTAKE as unknown as Record<string, unknown>, value, 'intake', CHECKS) as unknown as Intake;
}

const isFlag = isOneOf(true, false);
/** A delimiter or a comment sign: something to look for. */
const isSign = (v: unknown): boolean => isText(v) && v !== '';
const isCount = (v: unknown): boolean => Number.isInteger(v) && isFrom(0)(v);

const isDialect = isShape({
  'delimiter?': isSign,
  'newline?': isOneOf('\n', '\r'),
  'quote?': isOneOf('"', "'", null),
  'escape?': isOneOf('doubled', 'backslash'),
  'comment?': isNullOr(isSign),
  'skip?': isCount,
  'header?': isFlag,
});
const isForm = isShape({ 'encoding?': isOneOf(...ENCODINGS), 'dialect?': isDialect, 'sheet?': isText });
const isOutlierRule = isShape({
  columns: isTexts,
  method: isOneOf('z-score', 'iqr', 'isolation-forest'),
  limit: isFrom(0),
  action: isOneOf('mark', 'cap', 'set-aside'),
});
const isRowRule = isShape({
  column: isText,
  test: isOneOf('negative', 'zero', 'starts-with', 'equals', 'contains'),
  value: isText,
});

/** Where the default does not show all that may stand there. */
const CHECKS: Checks = {
  'intake.forms': (v) => isRecord(v) && Object.values(v).every(isForm),
  'intake.leftOut': isTexts,
  'intake.missing': isTexts,
  'intake.zone': (v) => isText(v) && isTimeZone(v),
  'intake.decimal': isOneOf('.', ','),
  'intake.join': isNullOr(isShape({ table: isText, on: isText, key: isText })),
  'intake.derived': (v) => isListOf(v, isShape({ name: isSign, sql: isText })),
  'intake.cleaning.repeatSeconds': isNullOr(isFrom(0)),
  'intake.cleaning.missingText': isOneOf('set-aside', 'from-item'),
  'intake.cleaning.outliers': isNullOr(isOutlierRule),
  'intake.cleaning.fill': isOneOf('left', 'mean', 'median', 'mode'),
  'intake.cleaning.minUserEvents': isNullOr(isFrom(1)),
  'intake.cleaning.maxDayEvents': isNullOr(isFrom(1)),
  'intake.cleaning.rules': (v) => isListOf(v, isRowRule),
};
