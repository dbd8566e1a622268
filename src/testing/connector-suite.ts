/**
 * What every connector must do, run on a simulated platform and a real warehouse.
 */
import { CONNECTOR_CASES } from './connector-cases.ts';
import { type Course, openCourse } from './connector-course.ts';
import type { ConnectorUnderTest, OpenWarehouse, TestPlatform } from './test-platform.ts';
import type { TestRunner } from './test-runner.ts';

/** Title of the group of a connector's cases on an engine, as the matrix reads it. */
export const CONTRACT_TITLE = /^the contract of (\S+) on (\S+)$/;

/**
 * Registers the cases: `connectorSuite({ describe, it, expect }, connector, 'duckdb', open)`. `open` gives a fresh, empty
 * warehouse; each case has its own platform. Cases a connector is without are not registered.
 */
export function connectorSuite(
  runner: TestRunner,
  connector: ConnectorUnderTest,
  engine: string,
  open: OpenWarehouse,
): void {
  let first: Promise<string[]> | null = null;
  const unknown = Object.keys(connector.without ?? {}).filter(
    (name) => !CONNECTOR_CASES.some((known) => known.name === name),
  );
  if (unknown.length > 0)
    throw new Error(`${connector.name} is without cases that do not exist: ${unknown.join(', ')}`);

  async function withPlatform<T>(work: (platform: TestPlatform, opened: Course[]) => Promise<T>): Promise<T> {
    const platform = await connector.start();
    const opened: Course[] = [];
    try {
      return await work(platform, opened);
    } finally {
      for (const course of opened) await course.close();
      await platform.close();
    }
  }

  async function courseOn(platform: TestPlatform, opened: Course[]): Promise<Course> {
    const course = await openCourse(platform, open);
    opened.push(course);
    return course;
  }

  /** Read once for all cases: the platform is the same each time. */
  function undisturbed(): Promise<string[]> {
    first ??= withPlatform(async (platform, opened) => {
      const course = await courseOn(platform, opened);
      const report = await course.sync();
      const failed = report.streams.find(({ error }) => error !== undefined);
      if (failed?.error !== undefined) throw failed.error;
      const rows = await course.rows();
      if (rows.length === 0 || platform.requests() < 3)
        throw new Error(`${connector.name}: the platform gives too little for the cases to say anything`);
      return rows;
    });
    return first;
  }

  runner.describe(`the contract of ${connector.name} on ${engine}`, () => {
    for (const { name, run } of CONNECTOR_CASES) {
      if (connector.without?.[name] !== undefined) continue;
      runner.it(name, () =>
        withPlatform(async (platform, opened) => {
          const course = await courseOn(platform, opened);
          const another = (): Promise<Course> => courseOn(platform, opened);
          await run({ platform, course, another, undisturbed, expect: runner.expect });
        }),
      );
    }
  });
}
