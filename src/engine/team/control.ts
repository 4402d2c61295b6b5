/** Words of the block that a team's threads share, as indices of an Int32Array. */
export const WORD = {
  /** Odd while a round is open; what waits for a round waits here. */
  round: 0,
  /** The next block to take. */
  next: 1,
  blocks: 2,
  /** Helpers that are inside a round. */
  inside: 3,
  /** 1 once a helper's block threw. */
  failed: 4,
  /** Which memory the round is on. */
  memory: 5,
  /** Messages that were posted to each helper: who has read fewer goes to its message queue. */
  mail: 6,
  /** Never changes: to sleep on for a moment. */
  nap: 7,
  length: 8,
} as const;

/** As next block: none is to be taken any more, and those at work stop where they can. */
export const STOP = 2 ** 30;

/** Characters of a task's name and parameters. */
const TEXT = 2 ** 16;
const FIRST = 16;

export const newControl = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(FIRST * 4 + TEXT * 2));

/** Writes what a round is about. Text, since messages between threads are heard by an idle event loop only. */
export function writeOrder(control: Int32Array<SharedArrayBuffer>, name: string, params: unknown): void {
  const text = JSON.stringify([name, params], requireFinite);
  if (text.length > TEXT) throw new Error(`${text.length} characters of parameters are too many for a round of ${name}`);
  const out = new Uint16Array(control.buffer, FIRST * 4, TEXT);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  control[WORD.length] = text.length;
}

/** JSON would make a null of it. */
function requireFinite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${key} of a round is ${value}`);
  return value;
}

export function readOrder(control: Int32Array<SharedArrayBuffer>): [name: string, params: unknown] {
  const units = new Uint16Array(control.buffer, FIRST * 4, control[WORD.length] as number);
  let text = '';
  for (const unit of units) text += String.fromCharCode(unit);
  return JSON.parse(text) as [string, unknown];
}
