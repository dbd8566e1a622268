/**
 * What the platforms of the contract tests share: each is an emulator and a clock.
 */
import type { EmulatorServer } from '../../../fixtures/emulators/server.ts';
import type { TestPlatform } from '../../../src/testing/index.ts';

/** The parts of a platform that an emulator gives. `data`: which requests are for data. */
export function onEmulator(
  emulator: EmulatorServer,
  data: RegExp,
): Pick<TestPlatform, 'inject' | 'clearFaults' | 'requests' | 'close'> {
  return {
    inject: (fault) => emulator.inject({ match: data.source, ...fault }),
    clearFaults: () => emulator.clearFaults(),
    requests: () =>
      emulator.requests.filter(({ method, url }) => data.test(`${method} ${url.pathname}${url.search}`)).length,
    close: () => emulator.close(),
  };
}
