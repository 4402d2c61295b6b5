import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The module that a helper thread runs. */
    thread: string;
  }
}
