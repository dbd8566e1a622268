/**
 * What a case is, and what it is given.
 */
import type { Course } from './connector-course.ts';
import type { TestPlatform } from './test-platform.ts';
import type { TestRunner } from './test-runner.ts';

export interface Given {
  platform: TestPlatform;
  course: Course;
  expect: TestRunner['expect'];
  /** What an undisturbed first sync leaves. */
  undisturbed(): Promise<string[]>;
  /** Another course on the same platform, as it is now. */
  another(): Promise<Course>;
}

export interface ConnectorCase {
  name: string;
  run(given: Given): Promise<void>;
}

/** For a case that needs something of the platform that it does not have. */
export function missing(what: string): never {
  throw new Error(`the platform ${what}: name the case in \`without\``);
}
