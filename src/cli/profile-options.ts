import {
  type AppError,
  BEHAVIOURS,
  type BehaviourSettings,
  DTYPES,
  inputError,
  type ModelWish,
  type Settings,
  STOP_WORD_LANGUAGES,
  type WordSettings,
} from '../domain/index.ts';

export const PROFILE_USAGE = `how events become profiles:
  --template "{action} {title} - {category}"   how several text columns become one text (default: joined by spaces)
  --numbers COL+COL     further columns of numbers, for behaviour; the same as numbers=COL+COL in --map
  --type-weight buy=3,view=.2   weight of event types; types that are not named weigh 1, 0 leaves a type out
  --half-life DAYS|off  an event that is so much older counts half (default off)
  --idf                 rare texts count more
  --behaviour B[:PART+PART]   join what users do to what they read, with weight B from 0 (default) to 1;
      parts, all by default: ${BEHAVIOURS.join(', ')}
  --stop-words off|auto|en+de   which words are left out of labels and of a lexical model (default auto: of the languages found)
  --extra-stop-words WORD,WORD
  --model auto|ID|FOLDER   --dtype auto|${DTYPES.join('|')}   --embed-device auto|wasm   (default auto)`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** For Node's parseArgs. */
export const PROFILE_OPTIONS = {
  ...{ template: text, numbers: text, 'type-weight': text, 'half-life': text, idf: flag, behaviour: text },
  ...{ 'stop-words': text, 'extra-stop-words': text, model: text, dtype: text, 'embed-device': text },
} as const;

export type ProfileValues = {
  readonly [K in keyof typeof PROFILE_OPTIONS]?: (typeof PROFILE_OPTIONS)[K] extends typeof flag ? boolean : string;
};

/** What the command line says of profiles, of a group only what was said. */
export interface GivenProfiles extends Partial<Pick<Settings, 'typeWeights' | 'halfLifeDays' | 'idf'>> {
  readonly behaviour?: Partial<BehaviourSettings>;
  readonly words?: Partial<WordSettings>;
  readonly embedding?: Partial<ModelWish>;
}

/** @throws AppError input, one clear line */
export function readProfileOptions(values: ProfileValues): GivenProfiles {
  const { 'type-weight': weights, 'half-life': halfLife, behaviour } = values;
  const words = readWords(values);
  const embedding = readModel(values);
  return {
    ...(weights === undefined ? {} : { typeWeights: readWeights(weights) }),
    ...(halfLife === undefined ? {} : { halfLifeDays: halfLife === 'off' ? null : number('--half-life', halfLife) }),
    ...(values.idf ? { idf: true } : {}),
    ...(behaviour === undefined ? {} : { behaviour: readBehaviour(behaviour) }),
    ...(Object.keys(words).length === 0 ? {} : { words }),
    ...(Object.keys(embedding).length === 0 ? {} : { embedding }),
  };
}

/** A comma or an equals sign may stand in the name of a type: the weight is what follows the last one. */
function readWeights(said: string): Record<string, number> {
  const parts = said.split(/(?<==[^,=]*),/);
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.lastIndexOf('=');
      if (at <= 0) throw usage(`--type-weight: "${part}" is not TYPE=WEIGHT.`);
      return [part.slice(0, at), number(`--type-weight ${part.slice(0, at)}`, part.slice(at + 1))];
    }),
  );
}

function readBehaviour(said: string): Partial<BehaviourSettings> {
  const [weight = '', parts] = said.split(/:(.*)/s);
  const features = parts?.split('+').map((part) => {
    const known = BEHAVIOURS.find((name) => name === part);
    if (!known) throw usage(`--behaviour: "${part}" is no part of behaviour; ${BEHAVIOURS.join(', ')} are.`);
    return known;
  });
  const b = number('--behaviour', weight);
  if (b > 1) throw usage(`--behaviour ${weight} is not a weight from 0 to 1.`);
  return { weight: b, ...(features ? { features } : {}) };
}

function readWords({ 'stop-words': said, 'extra-stop-words': extra }: ProfileValues): Partial<WordSettings> {
  return {
    ...(said === undefined ? {} : said === 'off' ? { stopWords: false } : { stopWords: true, languages: readLanguages(said) }),
    ...(extra === undefined ? {} : { extra: readExtra(extra) }),
  };
}

function readLanguages(said: string): WordSettings['languages'] {
  if (said === 'auto') return 'auto';
  const codes = said.toLowerCase().split('+');
  const wrong = codes.find((code) => !/^[a-z]{2}$/.test(code));
  if (wrong !== undefined) throw usage(`--stop-words: "${wrong}" is no language code of two letters, such as en or zh.`);
  const unknown = codes.find((code) => !STOP_WORD_LANGUAGES.includes(code));
  if (unknown !== undefined)
    throw usage(`--stop-words: no stop words of "${unknown}" are known; those of ${STOP_WORD_LANGUAGES.join(', ')} are.`);
  return codes;
}

const readExtra = (said: string): string[] =>
  said
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');

function readModel({ model, dtype, 'embed-device': device }: ProfileValues): Partial<ModelWish> {
  if (model === '') throw usage('--model names no model.');
  if (device === 'webgpu')
    throw usage(
      '--embed-device webgpu: models run on WebGPU in a browser only; auto and wasm are known here. --device is for the rest.',
    );
  return {
    ...(model === undefined ? {} : { model }),
    ...(dtype === undefined ? {} : { dtype: oneOf('--dtype', dtype, ['auto', ...DTYPES]) }),
    ...(device === undefined ? {} : { device: oneOf('--embed-device', device, ['auto', 'wasm']) }),
  };
}

function oneOf<T extends string>(option: string, said: string, known: readonly T[]): T {
  const found = known.find((value) => value === said);
  if (found === undefined) throw usage(`${option} ${said} is none of ${known.join(', ')}.`);
  return found;
}

function number(option: string, said: string): number {
  const n = Number(said);
  if (said.trim() === '' || !Number.isFinite(n) || n < 0) throw usage(`${option} ${said} is not a number of at least 0.`);
  return n;
}

const usage = (what: string): AppError => inputError('usage', what, 'npm run analyze -- --help shows the options.');
