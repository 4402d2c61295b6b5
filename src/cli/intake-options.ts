import {
  type AppError,
  type Cleaning,
  type DerivedColumn,
  ENCODINGS,
  type FormChoice,
  type Intake,
  inputError,
  isTimeZone,
  type Join,
  TIME_FORMATS,
  type TimeFormat,
} from '../domain/index.ts';
import { parseIntake } from '../share/index.ts';

export const INTAKE_USAGE = `how files are read (what is not said is found in the files; TABLE is a file's name, or ZIP/MEMBER):
  --encoding | --delimiter | --quote | --escape | --comment | --skip | --header | --sheet   [TABLE=]VALUE; repeat for several tables
      encodings: ${ENCODINGS.join(', ')}; delimiters also by name: tab; quote: " ' none; escape: doubled, backslash;
      comment: a sign or none; skip: lines above the header; header: yes, no
  --no-header           the first row is data
  --zone ZONE           of times without one, and of the windows: Europe/Berlin
  --time-format ${TIME_FORMATS.join('|')}
  --origin YYYY-MM-DD   day 0 of relative days
  --decimal . | ,       --missing "NA,-,?" (in place of the usual words)   --same-ids (17850.0 is 17850)
  --join TABLE:ON=KEY   the catalogue beside the events, their column and its key   --no-join   --leave-out TABLE
  --derive NAME=SQL     a column computed by DuckDB; repeat for several   --filter SQL   only rows for which this holds
  --clean LIST|JSON     duplicates=no,repeat-seconds=2,missing-text=from-item,fill=median,min-user-events=3,max-day-events=500,
                        outliers=iqr:1.5:cap[:COL+COL],texts=lower-case+nfkc+strip-html,rule=COL:starts-with:C (or negative, zero, equals, contains)
  --intake intake.json  all of these, as the "intake" of a manifest.json
  --survey              tell what would become of the files, and stop`;

/** What the command line says of how files become events; the rest is left to the manifest, the proposal and the defaults. */
export interface GivenIntake {
  /** Path of an intake. */
  readonly base: string | null;
  /** null = for all tables. */
  readonly forms: readonly { readonly table: string | null; readonly choice: FormChoice }[];
  readonly leftOut: readonly string[];
  /** undefined = as proposed. */
  readonly join: Join | null | undefined;
  readonly derived: readonly DerivedColumn[];
  readonly cleaning: Partial<Cleaning>;
  readonly change: Partial<Pick<Intake, 'zone' | 'decimal' | 'missing' | 'sameIds' | 'filter'>>;
  readonly timeFormat: TimeFormat | null;
  readonly timeOrigin: string | null;
}

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/** For Node's parseArgs. */
export const INTAKE_OPTIONS = {
  ...{ encoding: texts, delimiter: texts, quote: texts, escape: texts, comment: texts, skip: texts, header: texts, sheet: texts },
  ...{ 'no-header': flag, zone: text, 'time-format': text, origin: text, decimal: text, missing: text, 'same-ids': flag },
  ...{ join: text, 'no-join': flag, 'leave-out': texts, derive: texts, filter: text, clean: texts, intake: text, survey: flag },
} as const;

export type IntakeValues = {
  readonly [K in keyof typeof INTAKE_OPTIONS]?: (typeof INTAKE_OPTIONS)[K] extends typeof texts
    ? string[]
    : (typeof INTAKE_OPTIONS)[K] extends typeof flag
      ? boolean
      : string;
};

/** @throws AppError input, one clear line */
export function readIntakeOptions(values: IntakeValues): GivenIntake {
  return {
    base: values.intake ?? null,
    forms: readForms(values),
    leftOut: values['leave-out'] ?? [],
    join: values['no-join'] ? null : values.join === undefined ? undefined : readJoin(values.join),
    derived: (values.derive ?? []).map(readDerived),
    cleaning: Object.assign({}, ...(values.clean ?? []).map(readCleaning)),
    change: readChange(values),
    timeFormat: readTimeFormat(values['time-format']),
    timeOrigin: readOrigin(values.origin),
  };
}

type FormOption = 'encoding' | 'delimiter' | 'quote' | 'escape' | 'comment' | 'skip' | 'header' | 'sheet';

const FORM_OPTIONS: Readonly<Record<FormOption, (value: string) => FormChoice | null>> = {
  encoding: (value) => {
    const known = ENCODINGS.find((name) => name === value.toLowerCase());
    return known ? { encoding: known } : null;
  },
  delimiter: (value) => ({ dialect: { delimiter: value === 'tab' || value === String.raw`\t` ? '\t' : value } }),
  quote: (value) =>
    value === 'none' ? { dialect: { quote: null } } : value === '"' || value === "'" ? { dialect: { quote: value } } : null,
  escape: (value) => (value === 'doubled' || value === 'backslash' ? { dialect: { escape: value } } : null),
  comment: (value) => ({ dialect: { comment: value === 'none' ? null : value } }),
  skip: (value) => (/^\d{1,6}$/.test(value) ? { dialect: { skip: Number(value) } } : null),
  header: (value) => (value === 'yes' || value === 'no' ? { dialect: { header: value === 'yes' } } : null),
  sheet: (value) => ({ sheet: value }),
};

function readForms(values: IntakeValues): GivenIntake['forms'] {
  const forms: { table: string | null; choice: FormChoice }[] = values['no-header']
    ? [{ table: null, choice: { dialect: { header: false } } }]
    : [];
  for (const [option, read] of Object.entries(FORM_OPTIONS)) {
    for (const said of values[option as FormOption] ?? []) {
      const { table, value } = ofTable(said);
      const choice = value === '' ? null : read(value);
      if (choice === null) throw usage(`--${option} cannot be "${value}".`);
      forms.push({ table, choice });
    }
  }
  return forms;
}

/** `TABLE=VALUE`, or `VALUE` for all; a lone `=` is a value. */
function ofTable(said: string): { table: string | null; value: string } {
  const at = said.indexOf('=');
  return at <= 0 ? { table: null, value: said } : { table: said.slice(0, at), value: said.slice(at + 1) };
}

function readJoin(said: string): Join {
  const [, table, on, key] = /^(.+):([^:=]+)=([^=]+)$/.exec(said) ?? [];
  if (table === undefined || on === undefined || key === undefined) {
    throw usage(`--join ${said} is not TABLE:ON=KEY, as in films.csv:film_id=id.`);
  }
  return { table, on, key };
}

function readDerived(said: string): DerivedColumn {
  const at = said.indexOf('=');
  if (at <= 0 || at === said.length - 1) throw usage(`--derive ${said} is not NAME=SQL.`);
  return { name: said.slice(0, at).trim(), sql: said.slice(at + 1).trim() };
}

function readChange({ zone, decimal, missing, filter, 'same-ids': sameIds }: IntakeValues): GivenIntake['change'] {
  if (zone !== undefined && !isTimeZone(zone)) throw usage(`--zone ${zone} is no time zone, as Europe/Berlin is.`);
  if (decimal !== undefined && decimal !== '.' && decimal !== ',') throw usage(`--decimal ${decimal} is neither . nor ,`);
  return {
    ...(zone === undefined ? {} : { zone }),
    ...(decimal === undefined ? {} : { decimal }),
    ...(missing === undefined
      ? {}
      : {
          missing: missing
            .split(',')
            .map((word) => word.trim())
            .filter(Boolean),
        }),
    ...(filter === undefined ? {} : { filter }),
    ...(sameIds ? { sameIds } : {}),
  };
}

function readTimeFormat(said: string | undefined): TimeFormat | null {
  const known = TIME_FORMATS.find((name) => name === said);
  if (said !== undefined && !known) throw usage(`--time-format ${said} is none of ${TIME_FORMATS.join(', ')}.`);
  return known ?? null;
}

function readOrigin(said: string | undefined): string | null {
  if (said === undefined) return null;
  const day = new Date(`${said}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(said) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== said) {
    throw usage(`--origin ${said} is no date written as 2024-02-01.`);
  }
  return said;
}

/** JSON as in a manifest, or `key=value,...`; either is held to what a manifest may hold. */
function readCleaning(said: string): Partial<Cleaning> {
  const raw = said.trim().startsWith('{') ? jsonOf(said) : Object.assign({}, ...mergeRules(said.split(',').map(cleaningRule)));
  try {
    const { cleaning } = parseIntake(JSON.stringify({ cleaning: raw }));
    return Object.fromEntries(Object.keys(raw as object).map((key) => [key, cleaning[key as keyof Cleaning]]));
  } catch (cause) {
    throw usage(
      `--clean: ${cause instanceof Error ? cause.message.replace(/^This intake cannot be used: intake\./, '') : cause}`,
    );
  }
}

function jsonOf(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    throw usage('--clean is no valid JSON.');
  }
}

const mergeRules = (parts: readonly Record<string, unknown>[]): Record<string, unknown>[] => {
  const rules = parts.flatMap((part) => ('rules' in part ? (part.rules as unknown[]) : []));
  return rules.length > 0 ? [...parts, { rules }] : [...parts];
};

const NUMBERS: readonly string[] = ['repeatSeconds', 'minUserEvents', 'maxDayEvents'];

/** One `key=value`, as the manifest has it; wrong values pass and are told by its checks. */
function cleaningRule(part: string): Record<string, unknown> {
  const { table: name, value } = ofTable(part.trim());
  const key = camel(name ?? '');
  if (NUMBERS.includes(key)) return { [key]: value === 'off' ? null : numberOr(value) };
  if (key === 'duplicates') return { duplicates: value === 'yes' ? true : value === 'no' ? false : value };
  if (key === 'missingText' || key === 'fill') return { [key]: value };
  if (key === 'texts') return { text: Object.fromEntries(value.split('+').map((way) => [camel(way), true])) };
  if (key === 'outliers') return { outliers: outliersOf(value) };
  if (key === 'rule') return { rules: [ruleOf(value)] };
  throw usage(`--clean: "${part}" is no rule; npm run analyze -- --help shows them.`);
}

/** JSON has no NaN: what is no number stays as it was written, to be told. */
const numberOr = (text: string): number | string => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text));

function outliersOf(value: string): unknown {
  const [method, limit, action = 'mark', columns] = value.split(':');
  return value === 'off' ? null : { columns: columns?.split('+') ?? [], method, limit: numberOr(limit ?? ''), action };
}

function ruleOf(value: string): unknown {
  const [column, test, ...rest] = value.split(':');
  return { column, test, value: rest.join(':') };
}

const camel = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const usage = (what: string): AppError => inputError('usage', what, 'npm run analyze -- --help shows the options.');

/** The choices of form for these tables; those of a table itself go over those for all. */
export function formsFor(tables: readonly string[], intake: Intake, given: GivenIntake): Intake['forms'] {
  const forms: Record<string, FormChoice> = { ...intake.forms };
  for (const { table, choice } of [...given.forms].sort((a, b) => Number(a.table !== null) - Number(b.table !== null))) {
    for (const name of table === null ? tables : [table]) {
      const former = forms[name];
      forms[name] = { ...former, ...choice, ...(choice.dialect ? { dialect: { ...former?.dialect, ...choice.dialect } } : {}) };
    }
  }
  return forms;
}

/** An intake with what the command line says in its place. */
export const overrideIntake = (intake: Intake, given: GivenIntake): Intake => ({
  ...intake,
  ...given.change,
  ...(given.join === undefined ? {} : { join: given.join }),
  ...(given.leftOut.length > 0 ? { leftOut: given.leftOut } : {}),
  ...(given.derived.length > 0 ? { derived: given.derived } : {}),
  cleaning: { ...intake.cleaning, ...given.cleaning, text: { ...intake.cleaning.text, ...given.cleaning.text } },
});
