import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillTemplate, proposeTemplate, readTemplate, retarget, type TemplateProblem, templateOf } from './template.ts';

const COLUMNS = ['action', 'title', 'category'];

function fill(
  template: string | null,
  cells: Readonly<Record<string, string>>,
  columns: readonly string[] = COLUMNS,
): string | null {
  const read = templateOf({ text: columns, template });
  return fillTemplate(
    read,
    read.columns.map((name) => cells[name] ?? null),
  );
}

const problem = (template: string, columns = COLUMNS): TemplateProblem | null => readTemplate(template, columns).problem;

describe('a template', () => {
  const T = '{action} {title} - {category}';
  test.each([
    [T, { action: 'viewed', title: 'Lamp', category: 'Home' }, 'viewed Lamp - Home'],
    [T, { action: 'viewed', title: 'Lamp' }, 'viewed Lamp'],
    [T, { title: 'Lamp', category: 'Home' }, 'Lamp - Home'],
    [T, { action: 'viewed', category: 'Home' }, 'viewed - Home'],
    [T, { category: 'Home' }, 'Home'],
    [T, {}, null],
    ['Seen: {title}!', { title: 'Lamp' }, 'Seen: Lamp!'],
    ['Seen: {title}!', { action: 'viewed' }, null],
    ['  {title} ', { title: 'Lamp' }, 'Lamp'],
    ['{title} by {action} in {category}', { title: 'T', category: 'C' }, 'T in C'],
    ['{title} ({action}) {category}', { title: 'T', category: 'C' }, 'T C'],
    ['{title} ({action}, {category})', { title: 'T', category: 'C' }, 'T (C)'],
    ['{title} ({action}, {category})', { title: 'T', action: 'A' }, 'T (A)'],
    ['{title} ({action}, {category})', { title: 'T' }, 'T'],
    ['{title} "{action}" {category}', { title: 'T', category: 'C' }, 'T C'],
    ['{title} (new) {category}', { title: 'T', category: 'C' }, 'T (new) C'],
    ['{title} :-) {category}', { title: 'T', category: 'C' }, 'T :-) C'],
    ['{{{title}}} {{x}}', { title: 'T' }, '{T} {x}'],
    ['{title}{title}', { title: 'T' }, 'TT'],
  ])('%s with %o is %s', (template, cells, text) => {
    expect(fill(template, cells)).toBe(text);
  });

  test.each([
    ['{titel} x', 'At character 1 of the template "titel" is none of the text columns.', 0],
    ['😀 {title', 'At character 3 of the template "{" is not closed.', 3],
    ['{title} }', 'At character 9 of the template "}" ends nothing.', 8],
    ['all the same', 'The template names no column: all texts would be the same.', null],
    ['', 'The template names no column: all texts would be the same.', null],
    ['{user}', 'At character 1 of the template "user" is none of the text columns.', 0],
  ])('that can’t be read is told with its place: %s', (template, message, offset) => {
    expect(problem(template)).toMatchObject({ message, offset });
    expect(() => fill(template, {})).toThrow(message);
  });

  const name = fc.string({ unit: fc.constantFrom('a', 'b', '{', '}', ' ', '(', 'é', '😀'), minLength: 1, maxLength: 5 });
  const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });

  test('that is proposed names all columns in their order, whatever marks their names hold', () => {
    fc.assert(
      fc.property(names, (columns) => {
        const read = readTemplate(proposeTemplate(columns), columns);
        expect(read.problem === null && read.template.columns).toEqual(columns);
      }),
    );
  });

  test('without one, the cells that are there are joined by single spaces', () => {
    const cells = fc.array(fc.option(fc.constantFrom('x', 'y z', '{', ')')), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cells, (row) => {
        const columns = row.map((_, i) => `c${i}`);
        const there = row.filter((cell) => cell !== null);
        expect(fillTemplate(templateOf({ text: columns, template: null }), row)).toBe(
          there.length === 0 ? null : there.join(' '),
        );
      }),
    );
  });

  const literal = fc.string({ unit: fc.constantFrom(' ', '-', ',', '(', ')', '"', 'w', '{{', '}}'), maxLength: 5 });
  const templates = fc
    .tuple(literal, fc.array(fc.tuple(fc.nat(2), literal), { minLength: 1, maxLength: 5 }))
    .map(([first, rest]) => first + rest.map(([c, text]) => `{${COLUMNS[c]}}${text}`).join(''));
  const plainly = (template: string, cells: Readonly<Record<string, string>>): string =>
    template.replaceAll(/\{\{|\}\}|\{(\w+)\}/g, (mark, column?: string) =>
      column === undefined ? (mark[0] ?? '') : (cells[column] ?? ''),
    );

  test('of a row without empty cells is what replacing each name by its cell gives', () => {
    const cells = { action: 'A', title: 'T', category: 'C' };
    fc.assert(
      fc.property(templates, (template) => {
        // `{{{` may be read in two ways, of which the replacing here takes the other.
        fc.pre(!/\{\{\{|\}\}\}/.test(template));
        expect(fill(template, cells)).toBe(plainly(template, cells).trim());
      }),
    );
  });

  test('shows each cell that is there as often as it is named, and nothing of the others', () => {
    fc.assert(
      fc.property(templates, fc.subarray(COLUMNS), (template, there) => {
        const cells = Object.fromEntries(there.map((column) => [column, column.slice(0, 2)]));
        const text = fill(template, cells) ?? '';
        const read = templateOf({ text: COLUMNS, template });
        const shown = text.match(/ac|ti|ca/g) ?? [];
        expect(shown).toEqual(read.columns.filter((c) => there.includes(c)).map((c) => c.slice(0, 2)));
        expect(text).toBe(text.trim());
      }),
    );
  });
});

describe('a template whose columns change', () => {
  test.each([
    [null, ['a', 'b'], ['a'], null],
    ['{a}: {b}', ['a', 'b'], ['a', 'b', 'c'], '{a}: {b} {c}'],
    ['{a}: {b}', ['a', 'b'], ['a'], null],
    ['So {a}: {b}', ['a', 'b'], ['a'], 'So {a}'],
    ['{a} ({b})', ['a', 'b'], ['b'], '({b})'],
    ['{a} {{{b}', ['a', 'b'], ['b', 'a'], '{a} {{{b}'],
    ['{a} {x', ['a', 'b'], ['a'], '{a} {x'],
    ['x {a}', ['a'], ['b'], null],
    ['x {a}', ['a'], [], null],
  ])('%s over %o, then over %o, is %s', (template, before, now, after) => {
    expect(retarget(template, before, now)).toBe(after);
  });
});
