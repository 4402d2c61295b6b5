/** Keeps tabs and workers out of each other's way; the part of a browser's LockManager that is used. */
export interface Locks {
  /** Runs `work` while no other holds `name`. */
  hold<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Runs `work` if no other holds `name` now; whether it did. */
  tryHold(name: string, work: () => Promise<void>): Promise<boolean>;
}

export const browserLocks = (locks: LockManager = navigator.locks): Locks => ({
  // The types of the DOM say `any`, and a promise of what the callback promises is what comes.
  hold: (name, work) => locks.request(name, work),
  tryHold: (name, work) =>
    locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock === null) return false;
      await work();
      return true;
    }),
});
