/** Who looks on while a layout forms. */
export interface LayoutWatch {
  /** A copy of the positions (rows x 2), to keep or to pass on, after that many epochs of all. */
  onPositions(positions: Float32Array<ArrayBuffer>, epoch: number): void;
  /** Milliseconds between two looks, at least; 200 if not given. The last positions are told whenever they come. */
  readonly every?: number;
}

const EVERY_MS = 200;

/** When `watch` is to be told. */
export class Looks {
  #last = Number.NEGATIVE_INFINITY;
  #epoch = 0;

  constructor(
    private readonly watch: LayoutWatch | undefined,
    private readonly epochs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether a look at the positions after that many epochs is wanted. */
  due(epoch: number): boolean {
    if (this.watch === undefined || epoch === this.#epoch) return false;
    return epoch === this.epochs || this.now() - this.#last >= (this.watch.every ?? EVERY_MS);
  }

  tell(positions: Float32Array, epoch: number): void {
    this.#last = this.now();
    this.#epoch = epoch;
    this.watch?.onPositions(positions.slice(), epoch);
  }
}
