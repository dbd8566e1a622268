/**
 * What a contract suite needs from a test runner. Vitest, Jest and `node:test` with any `expect` fit.
 */
export interface TestRunner {
  describe: (title: string, body: () => void) => void;
  it: (title: string, body: () => Promise<void>) => void;
  expect: (value: unknown) => Expectation;
}

export interface Expectation {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toMatchObject(expected: object): void;
  rejects: { toMatchObject(expected: object): Promise<unknown>; toThrow(expected: RegExp | string): Promise<unknown> };
}
