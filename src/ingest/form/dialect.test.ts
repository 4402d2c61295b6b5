import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../domain/index.ts';
import { detect, dialectOf } from './form.fixture.ts';

const PLAIN = { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true };

describe('the delimiter', () => {
  test.each<[string, string]>([
    [',', 'a,b\n"x;y;z",1\n"p;q;r",2\n'],
    [';', 'a;b;c\n1,5;2,5;x\n3,5;4,5;y\n'],
    ['\t', 'a\tb\n1,2\t3|4\n5,6\t7|8\n'],
    ['|', 'a|b|c\n1|x, y|2\n3|p, q|4\n'],
    [',', 'movie,genres\n1,Comedy|Drama\n2,Drama\n3,A|B|C\n'],
    ['::', '1::1193::5::978300760\n1::661::3::978302109\n1::914::3::978301968\n'],
    ['::', 'user::time::text\nu1::2024-01-01 10:00:00::a b\nu2::2024-01-02 11:00:00::c d\n'],
    ['^', 'user^time^text\nu1^2024-01-01^a, b\nu2^2024-01-02^c\n'],
    ['~', 'user~time~text\nu1~2024-01-01~a, b\nu2~2024-01-02~c\n'],
    [':', 'root:0:0:admin\nbin:1:1:bin\nmail:8:12:mail\n'],
    ['§', 'user§time§text\nu1§2024-01-01§a, b\nu2§2024-01-02§c; d\n'],
    ['\x01', 'u1\x012024-01-01\x01a, b\nu2\x012024-01-02\x01c; d\nu3\x012024-01-02\x01c; d\n'],
    [' ', '1 3 4.5\n2 4 5.5\n1 4 2.5\n'],
    [',', 'time,user,text\n10:00:00,u1,a\n10:00:01,u2,b\n10:00:02,u1,c\n'],
    [',', 'time,user\n2024-01-01 10:00:00,u1\n2024-01-01 10:00:01,u2\n'],
    [';', 'u1;2024-01-01 10:00:00;x\nu2;2024-01-01 10:00:01;y\n'],
    ['\t', 'user\ttext\nu1\ta, b, c\nu2\td, e, f\nu3\tg, h, i\n'],
  ])('%j', async (delimiter, text) => {
    expect((await dialectOf(text))?.delimiter).toBe(delimiter);
  });
});

test('all choices of a plain file', async () => {
  expect(await dialectOf('user_id,time,text\nu1,2024-01-01,red\nu2,2024-01-02,green\n')).toEqual(PLAIN);
});

describe('quotation marks', () => {
  const rows = (row: (i: number) => string): string => Array.from({ length: 30 }, (_, i) => `${row(i)}\n`).join('');
  const head = 'user,time,text\n';
  test.each<[string, string, Partial<Dialect>]>([
    ['double, doubled inside', head + rows((i) => `u${i},2024-01-01,"say ""hi"", she said"`), { quote: '"', escape: 'doubled' }],
    [
      'double, after a backslash inside',
      head + rows((i) => `u${i},2024-01-01,"say \\"hi\\", he"`),
      { quote: '"', escape: 'backslash' },
    ],
    [
      'double, a backslash at the end of a cell',
      head + rows((i) => `u${i},"C:\\","a, ""b"" c"`),
      { quote: '"', escape: 'doubled' },
    ],
    ['single', head + rows((i) => `'u${i}','2024-01-01','it''s a, b'`), { quote: "'", escape: 'doubled' }],
    [
      'single, after a backslash inside',
      head + rows((i) => `'u${i}','2024-01-01','it\\'s a, b'`),
      { quote: "'", escape: 'backslash' },
    ],
    ['double, blanks behind them', head + rows((i) => `u${i},"2024-01-01" ,"a, b" `), { quote: '"' }],
    ['apostrophes are none', head + rows((i) => `u${i},2024-01-01,'tis ${i}`), { quote: '"' }],
    [
      'none: texts that begin with them',
      rows((i) => `u${i}\t2024-01-01\t"Hello" he said ${i}`),
      { quote: null, delimiter: '\t' },
    ],
    ['inches', head + rows((i) => `u${i},2024-01-01,pipe of 5" and more`), { quote: '"' }],
    [
      'one that is never closed',
      `${head}${rows((i) => `u${i},2024-01-01,"a, b"`)}u9,2024-01-02,"open\n`,
      { quote: '"', delimiter: ',' },
    ],
    [
      'the delimiter once inside of the quotes of every row',
      `id,title,genres\n${rows((i) => `${i},"The tea, part ${i}",Drama`)}`,
      { quote: '"', delimiter: ',' },
    ],
    ['cells with line breaks', head + rows((i) => `u${i},2024-01-01,"one\ntwo, three\n\nfour"`), { quote: '"', delimiter: ',' }],
  ])('%s', async (_, text, expected) => {
    expect(await dialectOf(text)).toMatchObject(expected);
  });

  test('a sample that begins inside of a quoted cell is read as such', async () => {
    const cell = 'first line\nsecond, with commas, and; more\nthird "word" here\n'.replaceAll('"', '""').repeat(40);
    const found = await detect(head + Array.from({ length: 600 }, (_, i) => `u${i},2024-01-01,"${cell}"\n`).join(''));
    expect(found.form.dialect).toEqual(PLAIN);
    expect(found.sureness.delimiter?.share).toBeGreaterThan(0.9);
  });
});

describe('line ends', () => {
  test.each<[string, string, '\n' | '\r']>([
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n', '\n'],
    ['bare CR', 'a,b\r1,2\r3,4\r', '\r'],
    ['bare CR with line feeds inside of cells', 'a,b\r1,"x\ny"\r3,4\r5,6\r', '\r'],
    ['LF with carriage returns inside of cells', 'a,b\n1,"x\ry"\n3,4\n5,6\n', '\n'],
    ['none', 'a,b', '\n'],
  ])('%s', async (_, text, newline) => {
    expect(await dialectOf(text)).toEqual({ ...PLAIN, newline });
  });
});

describe('lines that are no rows', () => {
  const table = 'user,time,text\nu1,2024-01-01,a b\nu2,2024-01-02,c d\nu1,2024-01-03,e f\n';
  test.each<[string, string, Partial<Dialect>]>([
    ['comments above', `# made by x\n# on a day, or so\n${table}`, { comment: '#', skip: 0 }],
    ['comments between', `${table}# half-time\n${table.slice(15)}`, { comment: '#', skip: 0 }],
    ['comments with two slashes', `// made by x\n${table}`, { comment: '//', skip: 0 }],
    ['comments with a per cent sign', `% made by x\n${table}`, { comment: '%', skip: 0 }],
    ['comments with a semicolon', `; made by x\n${table}`, { comment: ';', skip: 0 }],
    ['a title', `Sales of the year\n${table}`, { comment: null, skip: 1 }],
    ['titles, a blank line', `Sales of the year\nmade on 2024-02-01\n\n${table}`, { comment: null, skip: 3 }],
    ['a title filled up with delimiters', `Sales of the year,,\n,,\n${table}`, { comment: null, skip: 2 }],
    ['a title of two cells', `Exported,2024-02-01\n${table}`, { comment: null, skip: 1 }],
    ['a title and comments', `Sales\n# made by x\n${table}`, { comment: '#', skip: 2 }],
    ['a header that begins like a comment', `#user,time,text\n${table.slice(15)}`, { comment: null, skip: 0, header: true }],
    ['rows that begin like comments', 'tag,n\n#love,1\n#hate,2\n#tea,5\n', { comment: null, skip: 0, header: true }],
    ['a line that tells Excel the delimiter', `sep=,\r\n${table}`, { comment: null, skip: 1 }],
    ['such a line and no header', `"sep=,"\n${table.slice(15)}`, { skip: 1, header: false }],
    ['blank lines above', `\n\n${table}`, { comment: null, skip: 2 }],
    ['none: a first row that is short', `u0,2024-01-01\n${table.slice(15)}`, { skip: 0, header: false }],
    ['none: a first row with cells missing', `u0,,\n${table.slice(15)}`, { skip: 0, header: false }],
  ])('%s', async (_, text, expected) => {
    expect(await dialectOf(text)).toMatchObject({ delimiter: ',', header: true, ...expected });
  });
});

describe('the header', () => {
  const rows = (row: (i: number) => string): string => Array.from({ length: 40 }, (_, i) => `${row(i)}\n`).join('');
  test.each<[string, string, boolean]>([
    ['words above numbers', `a,b\n${rows((i) => `${i},${i * 2}`)}`, true],
    ['none: numbers above numbers', rows((i) => `${i},${i * 2}`), false],
    ['none: ids, dates and texts', rows((i) => `u${i % 7},2024-01-0${1 + (i % 9)},text number ${i}`), false],
    ['none: a value that comes again', rows((i) => `${['red', 'green'][i % 2]},${['apple', 'pear', 'plum'][i % 3]}`), false],
    ['names above words', `colour,fruit\n${rows((i) => `${['red', 'green'][i % 2]},${['apple', 'pear', 'plum'][i % 3]}`)}`, true],
    ['years above numbers', `country,2019,2020,2021\n${rows((i) => `c${i},${i},${i},${i}`)}`, true],
    ['a leading column without a name', `,user,score\n${rows((i) => `${i},u${i},${i / 2}`)}`, true],
    ['Chinese names', `用户,时间,标题\n${rows((i) => `甲${i},2024-01-01,书${i}`)}`, true],
    ['none: one row of data', 'u1,2024-01-01,red\n', false],
    ['a header only', 'user,time,text\n', true],
    ['names that come twice', `id,x,x\n${rows((i) => `${i},1,2`)}`, true],
    ['a name missing', `id,,x\n${rows((i) => `${i},1,2`)}`, true],
    ['relative days and codes', `code,id,date\n${rows((i) => `AAA,${i},${i - 9}`)}`, true],
  ])('%s', async (_, text, header) => {
    expect((await dialectOf(text))?.header).toBe(header);
  });

  test('how sure it is shows in its share', async () => {
    const sure = (await detect(`user,score\n${rows((i) => `u${i},${i}`)}`)).sureness.header;
    const unsure = (await detect('red,apple\ngreen,pear\nblue,plum\n')).sureness.header;
    expect(sure?.share).toBeGreaterThan(0.95);
    expect(unsure?.share).toBeLessThan(0.8);
    expect(sure?.why).toMatch(/unlike the rows below/);
  });
});

describe('odd tables', () => {
  test('a single column of texts with commas is not cut', async () => {
    const lines = ['text', 'hello, world', 'one, two, three', 'nothing', 'a; b', 'so, it, is, said', 'what?'];
    const { form, sureness } = await detect(`${lines.join('\n')}\n`);
    expect(lines.some((line) => line.includes(form.dialect?.delimiter ?? ''))).toBe(false);
    expect(sureness.delimiter?.why).toMatch(/each line is one cell/);
  });

  test.each(['10:00:00\n10:00:05\n10:01:00\n', '2024-01-01 10:00:00\n2024-01-02 10:00:00\n2024-01-03 11:00:00\n'])(
    'times alone are one column: %j',
    async (text) => {
      expect((await detect(text)).sureness.delimiter?.why).toMatch(/each line is one cell/);
    },
  );

  test('delimiters at the ends of lines are cells that are empty', async () => {
    expect(await dialectOf('a,b,c,\n1,2,3,\n4,5,6,\n')).toEqual(PLAIN);
  });

  test('delimiters that only the rows have at their ends make them no wider', async () => {
    const { form, sureness } = await detect('a,b,c\n1,2,3,\n4,5,6,,\n7,8,9\n');
    expect(form.dialect).toEqual(PLAIN);
    expect(sureness.delimiter?.why).toBe('all of 4 sampled rows have 3 cells');
  });

  test('a small table most of whose rows are too short or too long is a table', async () => {
    const rows = [
      'user,time,title,note',
      'ann,2024-03-01,Tea,x',
      'bo,2024-03-02',
      'cy,2024-03-03,River',
      'dee,2024-03-04,Clocks,y,z',
    ];
    expect(await dialectOf(`${rows.join('\n')}\nann,2024-03-05,Garden,w,\nbo\n`)).toEqual(PLAIN);
  });

  test('some rows too short or too long do not change what is found', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => (i % 9 === 0 ? `u${i},1` : i % 11 === 0 ? `u${i},1,2,3,4` : `u${i},1,2`));
    const { form, sureness } = await detect(`user,a,b\n${rows.join('\n')}\n`);
    expect(form.dialect).toEqual(PLAIN);
    expect(sureness.delimiter?.why).toMatch(/^8\d\.?\d? % of 201 sampled rows have 3 cells$/);
    expect(sureness.delimiter?.share).toBeLessThan(0.9);
  });

  test('a mark that only the end of the file shows is found', async () => {
    const plain = Array.from({ length: 60_000 }, (_, i) => `u${i},2024-01-01,plain\n`).join('');
    const late = Array.from({ length: 200 }, (_, i) => `u${i},2024-01-01,"she said \\"hi\\", ${i}"\n`).join('');
    expect(await dialectOf(`user,time,text\n${plain}${late}`)).toMatchObject({ quote: '"', escape: 'backslash' });
  });
});

describe('what is set is taken and steers the rest', () => {
  const text = 'Title\na;b,c\n1;2,5\n3;4,5\n';
  test.each<[Partial<Dialect>, Partial<Dialect>]>([
    [{ delimiter: ',' }, { delimiter: ',', skip: 1, header: true }],
    [{ delimiter: ';' }, { delimiter: ';', skip: 1, header: true }],
    [
      { skip: 0, header: false },
      { skip: 0, header: false },
    ],
    [
      { quote: null, escape: 'backslash' },
      { quote: null, escape: 'backslash' },
    ],
    [{ comment: 'T' }, { comment: 'T', skip: 0, header: true }],
    [{ newline: '\r' }, { newline: '\r' }],
  ])('%j', async (dialect, expected) => {
    const { form, sureness } = await detect(text, { dialect });
    expect(form.dialect).toMatchObject(expected);
    if (dialect.delimiter) expect(sureness.delimiter?.share).toBe(1);
    if (dialect.header !== undefined) expect(sureness.header?.share).toBe(1);
  });
});
