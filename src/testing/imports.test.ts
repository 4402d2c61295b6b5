import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

/** The import table: what each room may import of ours. `main.tsx` and `workers` are rooms of their own. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  gpu: ['domain'],
  ingest: ['domain'],
  profile: ['domain'],
  embed: ['domain'],
  charts: ['domain'],
  protocol: ['domain'],
  share: ['domain', 'charts'],
  engine: ['domain', 'gpu'],
  track: ['domain', 'engine'],
  explain: ['domain', 'engine'],
  pipeline: ['domain', 'ingest', 'profile', 'embed', 'engine', 'gpu', 'track', 'explain'],
  workers: ['domain', 'pipeline', 'gpu', 'engine', 'embed', 'ingest', 'protocol'],
  services: ['domain', 'protocol', 'workers'],
  state: ['domain'],
  ui: ['domain', 'charts', 'state'],
  main: ['ui', 'state', 'services', 'share', 'domain'],
  cli: [
    'domain',
    'ingest',
    'profile',
    'embed',
    'gpu',
    'engine',
    'track',
    'explain',
    'share',
    'pipeline',
    'protocol',
    'charts',
    'testing',
    'build',
  ],
  testing: ['domain', 'engine', 'gpu'],
  build: ['domain', 'testing'],
};

/** `state` knows services as types only; `services` names worker files only as URLs. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { state: ['services'] };
const URL_ONLY: Readonly<Record<string, readonly string[]>> = { services: ['workers'] };

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
  readonly url: boolean;
}

const root = resolve(import.meta.dirname, '../..');
/** A fixture is part of the tests that import it. */
const isTest = (file: string): boolean => /\.(test|fixture)\.tsx?$/.test(file);

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(root, folder, name));
}

const PATTERN =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"]([^'"]+)['"]\s*,\s*import\.meta\.url/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(PATTERN)].flatMap((m) => {
    const specifier = m[2] ?? m[3] ?? m[4] ?? m[5] ?? '';
    if (!specifier.startsWith('.')) return [];
    const target = resolve(dirname(file), specifier.replace(/\?.*$/, ''));
    return [{ file, target, typeOnly: m[1] !== undefined, url: m[5] !== undefined }];
  });
}

/** The room of a file: the folder under src, 'workers', or 'main'; '' for anything else (packages, configs). */
function roomOf(file: string): string {
  const [first = '', second = ''] = relative(root, file).split(sep);
  if (first === 'workers') return 'workers';
  if (first !== 'src') return '';
  return second.startsWith('main.') ? 'main' : second;
}

const files = [...sources('src'), ...sources('workers')];
const all = files.flatMap(importsOf);
const say = (i: Import): string => `${relative(root, i.file)} -> ${relative(root, i.target)}`;
const crosses = (i: Import): boolean => roomOf(i.file) !== roomOf(i.target) && roomOf(i.target) !== '';

test('the scan finds the imports of every room it judges', () => {
  const seen = new Set(all.filter(crosses).map((i) => roomOf(i.file)));
  for (const room of ['gpu', 'engine', 'pipeline', 'services', 'ui', 'main', 'cli', 'workers']) expect(seen).toContain(room);
});

test('every room is in the table', () => {
  expect(files.map(roomOf).filter((room) => !(room in TABLE))).toEqual([]);
});

test('an import goes only to a room that the table names', () => {
  const allowed = (i: Import): boolean => {
    const [from, to] = [roomOf(i.file), roomOf(i.target)];
    if (isTest(i.file) && (to === 'testing' || to === 'build')) return true;
    if (URL_ONLY[from]?.includes(to)) return i.url;
    return (TABLE[from]?.includes(to) ?? false) || (i.typeOnly && (TYPES_ONLY[from]?.includes(to) ?? false));
  };
  expect(all.filter((i) => crosses(i) && !allowed(i)).map(say)).toEqual([]);
});

test('a room is entered through its index.ts', () => {
  const direct = all.filter((i) => crosses(i) && !i.url && !/[\\/]index\.ts$/.test(i.target));
  expect(direct.map(say)).toEqual([]);
});

test('no file outside tests imports from testing, but testing itself, build and the bench of the CLI', () => {
  const wrong = all.filter(
    (i) => roomOf(i.target) === 'testing' && !isTest(i.file) && !['testing', 'build', 'cli'].includes(roomOf(i.file)),
  );
  expect(wrong.map(say)).toEqual([]);
});

test('fixtures are for tests alone', () => {
  const wrong = all.filter((i) => /\.fixture\.tsx?$/.test(i.target) && !isTest(i.file));
  expect(wrong.map(say)).toEqual([]);
});

test('there are no cycles between rooms', () => {
  const edges = new Map<string, Set<string>>();
  for (const i of all.filter((x) => crosses(x) && !isTest(x.file) && !x.typeOnly)) {
    edges.set(roomOf(i.file), (edges.get(roomOf(i.file)) ?? new Set()).add(roomOf(i.target)));
  }
  expect(findCycle(edges)).toEqual([]);
});

test('there are no cycles between files', () => {
  const edges = new Map<string, Set<string>>();
  for (const i of all.filter((x) => !x.typeOnly)) edges.set(i.file, (edges.get(i.file) ?? new Set()).add(i.target));
  expect(findCycle(edges).map((file) => relative(root, file))).toEqual([]);
});

test('workers are entry points: at most 60 lines each', () => {
  const long = sources('workers').filter((file) => readFileSync(file, 'utf8').split('\n').length > 61);
  expect(long.map((file) => relative(root, file))).toEqual([]);
});

test('`new Worker` and comlink`s wrap on the main thread stand in services only', () => {
  const wrong = files.filter(
    (f) => !isTest(f) && !['services', 'workers'].includes(roomOf(f)) && /new Worker\(|\bwrap[<(]/.test(readFileSync(f, 'utf8')),
  );
  expect(wrong.map((file) => relative(root, file))).toEqual([]);
});

/** The nodes of one cycle, or []. Depth-first, colours: open = on the stack, done = known to be free of cycles. */
function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (node: string): string[] => {
    if (done.has(node)) return [];
    if (open.includes(node)) return [...open.slice(open.indexOf(node)), node];
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    open.pop();
    done.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const cycle = visit(node);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
