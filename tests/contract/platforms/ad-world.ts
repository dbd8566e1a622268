/**
 * Two months of advertising on three platforms, looked at in the middle and a day later: figures are restated meanwhile.
 */
import { createWorld } from '../../../fixtures/world/index.ts';

export const adWorld = createWorld({
  seed: 7,
  start: '2026-05-01',
  months: 2,
  scale: 1,
  timeZone: 'Europe/Paris',
  currency: 'EUR',
  platforms: ['google-ads', 'meta-ads', 'linkedin-ads'],
});

export const AD_START = '2026-06-10';
export const AD_FIRST = '2026-06-15T12:00:00.000Z';
export const AD_LATER = '2026-06-16T15:00:00.000Z';
