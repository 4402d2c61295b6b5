import { describe, expect, test } from 'vitest';
import { dialectOf } from './form.fixture.ts';

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
