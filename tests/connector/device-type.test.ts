import { expect, test } from 'vitest';

import { deviceType } from '../../src/connector/device-type.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari';
const IPAD =
  'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Version/16.6 Mobile/15E148 Safari/604.1';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36';
const ANDROID_TABLET =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15';
const WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36';

test.each([
  [undefined, IPHONE, 'mobile'],
  [undefined, IPAD, 'tablet'],
  [undefined, ANDROID, 'mobile'],
  [undefined, ANDROID_TABLET, 'tablet'],
  [undefined, MAC, 'desktop'],
  [undefined, WINDOWS, 'desktop'],
  [undefined, 'curl/8.5.0', undefined],
  [undefined, null, undefined],
  ['Computer', undefined, 'desktop'],
  ['Tablet', IPHONE, 'tablet'],
  ['ios', undefined, 'mobile'],
  ['smart tv', undefined, undefined],
  ['', WINDOWS, 'desktop'],
])('A device that is called %s, with the user agent %s, is of the kind %s.', (named, agent, kind) => {
  expect(deviceType(named, agent)).toBe(kind);
});
