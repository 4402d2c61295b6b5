import { parseArgs } from 'node:util';
import {
  ALGORITHMS,
  type AppError,
  type ColumnMapping,
  type ColumnRole,
  type DensitySettings,
  inputError,
  type LevelSettings,
  MODES,
  type Settings,
} from '../domain/index.ts';
import { type GivenIntake, INTAKE_OPTIONS, INTAKE_USAGE, readIntakeOptions } from './intake-options.ts';
import { type GivenProfiles, PROFILE_OPTIONS, PROFILE_USAGE, readProfileOptions } from './profile-options.ts';

export const USAGE = `usage: npm run analyze -- FILE... --out DIR [options]      (a folder stands for the tables in it)
  --map user=COL,time=COL,text=COL+COL[,type=COL][,item=COL][,value=COL][,numbers=COL+COL][,label=COL]
  --label COL   known groups to compare the segments with; the same as label=COL in --map
  --windows hour|day|week|month|quarter|year|PnD|PTnH[/step]   (default month)
  --mode evolving|global   a fit a window, followed through time (default), or one fit over all windows, between whose segments users move
  --algorithm kmeans|dbscan|hdbscan|hierarchy|consensus   --k auto|N   --eps auto|X   --min-pts N
  --reassign off|X      noise joins its nearest segment from this cosine on (dbscan, hdbscan; default off)
  --levels 2|3|4 | 2,5,12 | .7,.4,.2   interest levels: how many, or the groups of each, or the heights of the cuts (default 3)
  --no-look-ahead       each window is made of data up to its end only, so that later data leave it as it was
  --seed N   --device auto|cpu|webgpu
  --threads N   of the processor (default: as many as it has, 4 at most; 1: no others); the result is the same
  --manifest run.json   take mapping and settings from a saved run (other options win)
  every other setting of the page is a key of the manifest.json that a run writes
  --json                print a summary as JSON
${PROFILE_USAGE}
${INTAKE_USAGE}`;

/** What the command line asks for; absent choices are undefined, so that a manifest or the defaults can fill them. */
export interface Arguments {
  readonly files: readonly string[];
  readonly out: string;
  readonly map: Partial<Record<ColumnRole, readonly string[]>> | null;
  readonly settings: GivenSettings;
  readonly intake: GivenIntake;
  /** Tell what would become of the files, and stop. */
  readonly survey: boolean;
  /** Column of the known groups; null where it is not named, or in `map`. */
  readonly label: string | null;
  /** How text columns become one text; null where it is not said. */
  readonly template: string | null;
  /** Columns of numbers; null where they are not named, or in `map`. */
  readonly numbers: readonly string[] | null;
  readonly manifest: string | null;
  /** Null: as many as are good. */
  readonly threads: number | null;
  readonly json: boolean;
  readonly help: boolean;
}

/** Of a group only what was said, too. */
export type GivenSettings = Partial<Omit<Settings, 'density' | 'levels' | keyof GivenProfiles>> &
  GivenProfiles & {
    readonly density?: Partial<DensitySettings>;
    readonly levels?: Partial<LevelSettings>;
  };

/** @throws AppError input, one clear line */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const help = values.help ?? false;
  if (!help && positionals.length === 0) throw usage('No file was named.');
  if (!help && !values.out && !values.survey) throw usage('--out DIR is missing.');
  const map = values.map === undefined ? null : parseMap(values.map);
  return {
    files: positionals,
    out: values.out ?? '',
    map,
    label: values.label === undefined ? null : readLabel(values.label, map),
    template: values.template === undefined ? null : readTemplate(values.template),
    numbers: values.numbers === undefined ? null : readNumbers(values.numbers, map),
    settings: { ...readSettings(values), ...readProfileOptions(values) },
    intake: readIntakeOptions(values),
    survey: values.survey ?? false,
    manifest: values.manifest ?? null,
    threads: values.threads === undefined ? null : wholeNumber('--threads', values.threads, 1),
    json: values.json ?? false,
    help,
  };
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        map: text,
        label: text,
        windows: text,
        k: text,
        mode: text,
        algorithm: text,
        eps: text,
        'min-pts': text,
        reassign: text,
        levels: text,
        'no-look-ahead': flag,
        seed: text,
        device: text,
        threads: text,
        manifest: text,
        out: text,
        json: flag,
        help: flag,
        ...PROFILE_OPTIONS,
        ...INTAKE_OPTIONS,
      },
    });
  } catch (cause) {
    // Node goes on about how to pass a value that begins with a dash.
    throw usage(cause instanceof Error ? `${cause.message.split('. ')[0]}.` : String(cause));
  }
}

function readSettings(values: Values): GivenSettings {
  const { windows, k, seed, device, zone } = values;
  if (device !== undefined && device !== 'auto' && device !== 'cpu' && device !== 'webgpu')
    throw usage(`--device ${device} is none of auto, cpu, webgpu.`);
  return {
    ...(windows === undefined ? {} : { windows }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(k === undefined ? {} : { k: k === 'auto' ? 'auto' : wholeNumber('--k', k, 1) }),
    ...readMode(values),
    ...readAlgorithm(values),
    ...(values.levels === undefined ? {} : { levels: readLevels(values.levels) }),
    ...(values['no-look-ahead'] ? { lookAhead: false } : {}),
    ...(seed === undefined ? {} : { seed: wholeNumber('--seed', seed, 0) }),
    ...(device === undefined ? {} : { device }),
  };
}

function readMode({ mode }: Values): Pick<GivenSettings, 'mode'> {
  const known = MODES.find((name) => name === mode);
  if (mode !== undefined && !known) throw usage(`--mode ${mode} is not known; ${MODES.join(', ')} are.`);
  return known ? { mode: known } : {};
}

function readAlgorithm({ algorithm, eps, 'min-pts': minPts, reassign }: Values): GivenSettings {
  const known = ALGORITHMS.find((name) => name === algorithm);
  if (algorithm !== undefined && !known) throw usage(`--algorithm ${algorithm} is not known; ${ALGORITHMS.join(', ')} are.`);
  const density = {
    ...(eps === undefined ? {} : { eps: eps === 'auto' ? ('auto' as const) : realNumber('--eps', eps) }),
    ...(minPts === undefined ? {} : { minPts: wholeNumber('--min-pts', minPts, 1) }),
    ...(reassign === undefined ? {} : { reassign: reassign === 'off' ? null : realNumber('--reassign', reassign) }),
  };
  return { ...(known ? { algorithm: known } : {}), ...(Object.keys(density).length === 0 ? {} : { density }) };
}

/** Fractions are heights as shares of the root's, whole numbers groups, one number alone is how many levels. */
function readLevels(value: string): Partial<LevelSettings> {
  const numbers = value.split(',').map(Number);
  if (numbers.some((n) => !(n > 0)))
    throw usage(`--levels ${value} is neither how many (2, 3, 4) nor groups (2,5,12) nor heights (.7,.4,.2).`);
  if (numbers.length === 1) return { count: wholeNumber('--levels', value, 2), cuts: [] };
  const byHeight = numbers.every((n) => n < 1);
  if (!byHeight && !numbers.every(Number.isInteger)) throw usage(`--levels ${value} mixes groups and heights.`);
  return { count: numbers.length, cut: byHeight ? 'height' : 'count', cuts: numbers };
}

function realNumber(option: string, text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !Number.isFinite(n) || n < 0) throw usage(`${option} ${text} is not a number of at least 0.`);
  return n;
}

function wholeNumber(option: string, text: string, least: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < least) throw usage(`${option} ${text} is not a whole number of at least ${least}.`);
  return n;
}

const ROLES: readonly ColumnRole[] = ['user', 'time', 'text', 'type', 'item', 'value', 'numbers', 'label'];

/** Roles that several columns can have. */
const PLURAL: readonly ColumnRole[] = ['text', 'numbers'];

/** `role=COL,role=COL+COL`. A comma inside a name is kept if what follows is not `role=`. */
function parseMap(text: string): Partial<Record<ColumnRole, readonly string[]>> {
  const map: Partial<Record<ColumnRole, readonly string[]>> = {};
  for (const part of text.split(new RegExp(`,(?=(?:${ROLES.join('|')})=)`))) {
    const [name = '', ...rest] = part.split('=');
    const role = ROLES.find((r) => r === name);
    const columns = rest.join('=');
    if (!role || columns === '') throw usage(`--map: "${part}" is not role=COLUMN with a role of ${ROLES.join(', ')}.`);
    map[role] = PLURAL.includes(role) ? columns.split('+') : [columns];
  }
  return map;
}

/** Settings with those that the command line names put in place; of a group the others stay. */
export const overrideSettings = (settings: Settings, given: GivenSettings): Settings => ({
  ...settings,
  ...given,
  density: { ...settings.density, ...given.density },
  levels: { ...settings.levels, ...given.levels },
  behaviour: { ...settings.behaviour, ...given.behaviour },
  words: { ...settings.words, ...given.words },
  embedding: { ...settings.embedding, ...given.embedding },
});

function readNumbers(columns: string, map: Arguments['map']): string[] {
  if (map?.numbers) throw usage('The columns of numbers are named twice: in --numbers and in --map.');
  const names = columns.split('+');
  if (names.includes('')) throw usage(`--numbers ${columns} is not COLUMN+COLUMN.`);
  return names;
}

function readTemplate(template: string): string {
  if (template.trim() === '') throw usage('--template is empty.');
  return template;
}

function readLabel(column: string, map: Arguments['map']): string {
  if (column === '') throw usage('--label names no column.');
  const [mapped] = map?.label ?? [];
  if (mapped !== undefined) throw usage(`The label column is named twice: --label ${column} and --map label=${mapped}.`);
  return column;
}

/** A mapping with the parts that the command line names put in place of the proposed ones. */
export function overrideMapping<M extends Omit<ColumnMapping, 'user' | 'time'>>(mapping: M, map: Arguments['map']): M {
  if (!map) return mapping;
  const { text, numbers, ...single } = map;
  const changed = Object.fromEntries(Object.entries(single).map(([role, columns]) => [role, columns[0]]));
  // Segments would agree by themselves with a group that they are made of.
  const label = mapping.label !== null && text?.includes(mapping.label) ? { label: null } : {};
  return { ...mapping, ...label, ...changed, ...(text ? { text } : {}), ...(numbers ? { numbers } : {}) };
}

const usage = (what: string): AppError => inputError('usage', what, 'npm run analyze -- --help shows the options.');
