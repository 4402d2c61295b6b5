import { describe, expect, test } from 'vitest';
import { allDropped, chosenFiles, type DroppedEntry, droppedFiles, filesBelow } from './dropped-files.ts';

const fileEntry = (fullPath: string): DroppedEntry => ({
  isFile: true,
  isDirectory: false,
  fullPath,
  file: (done) => done(new File([fullPath], fullPath.split('/').at(-1) ?? '')),
});

/** Gives its entries two at a time, as browsers give a hundred. */
function folderEntry(fullPath: string, children: DroppedEntry[]): DroppedEntry {
  const left = [...children];
  return { isFile: false, isDirectory: true, fullPath, createReader: () => ({ readEntries: (done) => done(left.splice(0, 2)) }) };
}

const dropOf = (entries: DroppedEntry[], files: File[]): Pick<DataTransfer, 'items' | 'files'> =>
  ({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files }) as unknown as DataTransfer;

describe('dropped files', () => {
  test('a folder gives all its tables, with the folders in their names, sorted, and no notes, pictures or hidden ones', async () => {
    const entries = [
      folderEntry('/export', [
        fileEntry('/export/b.csv'),
        fileEntry('/export/.DS_Store'),
        fileEntry('/export/README.txt'),
        fileEntry('/export/logo.png'),
        folderEntry(
          '/export/sub',
          [1, 2, 3, 4, 5].map((n) => fileEntry(`/export/sub/${n}.csv`)),
        ),
        folderEntry('/export/.git', [fileEntry('/export/.git/config')]),
        folderEntry('/export/empty', []),
        fileEntry('/export/a.csv'),
      ]),
      fileEntry('/alone.csv'),
    ];
    const files = await droppedFiles(dropOf(entries, []));
    expect(files.map(({ name }) => name)).toEqual([
      'alone.csv',
      'export/a.csv',
      'export/b.csv',
      ...[1, 2, 3, 4, 5].map((n) => `export/sub/${n}.csv`),
    ]);
    expect(await files[1]?.text()).toBe('/export/a.csv');
  });

  test('a folder in which nothing is called like a table gives what there is', async () => {
    const files = await droppedFiles(dropOf([folderEntry('/x', [fileEntry('/x/data.bin'), fileEntry('/x/.hidden')])], []));
    expect(files.map(({ name }) => name)).toEqual(['x/data.bin']);
  });

  test('files alone are taken as they are, in the order of the drop', async () => {
    const files = [new File(['x'], 'z.csv'), new File(['y'], '.a.csv')];
    expect(await droppedFiles(dropOf([fileEntry('/z.csv'), fileEntry('/.a.csv')], files))).toEqual(files);
  });

  test('of a drop that may be no tables all is taken: a folder whole, and files that the browser gives no entry for', async () => {
    const model = folderEntry('/tiny', [
      fileEntry('/tiny/config.json'),
      folderEntry('/tiny/onnx', [fileEntry('/tiny/onnx/model.onnx')]),
    ]);
    const whole = await allDropped(dropOf([model], []));
    expect(whole.map(({ name }) => name)).toEqual(['tiny/config.json', 'tiny/onnx/model.onnx']);
    const zip = new File(['x'], 'tiny.zip');
    const bare = { items: [{ webkitGetAsEntry: () => null }], files: [zip] } as unknown as DataTransfer;
    expect(await allDropped(bare)).toEqual([zip]);
  });

  test('a folder that can not be read is told', async () => {
    const broken: DroppedEntry = {
      isFile: false,
      isDirectory: true,
      fullPath: '/x',
      createReader: () => ({ readEntries: (_, failed) => failed(new Error('no access')) }),
    };
    await expect(filesBelow([broken])).rejects.toThrow('no access');
  });

  test('files of a chosen folder are named with it', () => {
    const inFolder = (path: string): File => {
      const file = new File(['x'], path.split('/').at(-1) ?? '');
      Object.defineProperty(file, 'webkitRelativePath', { value: path });
      return file;
    };
    const files = chosenFiles([inFolder('export/b.csv'), inFolder('export/.hidden'), inFolder('export/a/c.csv')]);
    expect(files.map(({ name }) => name)).toEqual(['export/a/c.csv', 'export/b.csv']);
  });
});
