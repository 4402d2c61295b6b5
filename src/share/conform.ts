/** A value that is not of the form it should have; whoever reads it says of what. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

/** Says whether a value may stand at its path; for what the default's type does not tell. */
export type Checks = Readonly<Record<string, (v: unknown) => boolean>>;

export const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
export const isText = (v: unknown): v is string => typeof v === 'string';
export const isTexts = (v: unknown): boolean => isListOf(v, isText);
export const isListOf = (v: unknown, fits: (one: unknown) => boolean): boolean => Array.isArray(v) && v.every(fits);
export const isOneOf =
  (...known: readonly unknown[]) =>
  (v: unknown): boolean =>
    known.includes(v);
/** A number of at least `least`. */
export const isFrom =
  (least: number) =>
  (v: unknown): boolean =>
    typeof v === 'number' && Number.isFinite(v) && v >= least;
export const isNullOr =
  (fits: (v: unknown) => boolean) =>
  (v: unknown): boolean =>
    v === null || fits(v);

/** An object with exactly these keys (with `?` behind it: or without it), each as its check wants it. */
export const isShape =
  (shape: Readonly<Record<string, (v: unknown) => boolean>>) =>
  (v: unknown): boolean => {
    if (!isRecord(v)) return false;
    const known = Object.entries(shape).map(([key, fits]) => ({ key: key.replace('?', ''), optional: key.endsWith('?'), fits }));
    return (
      Object.keys(v).every((key) => known.some((k) => k.key === key)) &&
      known.every(({ key, optional, fits }) => (v[key] === undefined ? optional : fits(v[key])))
    );
  };

/**
 * `value` with the keys and types of `shape`; absent keys are taken from it.
 * @throws Misfit for an unknown key and a wrong value, named by its path
 */
export function conform(
  shape: Record<string, unknown>,
  value: Record<string, unknown>,
  path: string,
  checks: Checks,
): Record<string, unknown> {
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(shape, key));
  if (unknown !== undefined) throw new Misfit(`${path}.${unknown} is not a setting of this version`);
  const read = (key: string): unknown => {
    const [at, found, model] = [`${path}.${key}`, value[key], shape[key]];
    if (found === undefined) return model;
    const check = checks[at];
    if (check) return check(found) ? found : fail(at, found);
    if (isRecord(model)) return isRecord(found) ? conform(model, found, at, checks) : fail(at, found);
    return typeof found === typeof model ? found : fail(at, found);
  };
  return Object.fromEntries(Object.keys(shape).map((key) => [key, read(key)]));
}

const fail = (at: string, found: unknown): never => {
  throw new Misfit(`${at} cannot be ${JSON.stringify(found)}`);
};
