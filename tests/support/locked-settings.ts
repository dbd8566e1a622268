/** The choices of a config that change credit, for definitions made in tests. */
export const lockedSettings = {
  primaryModel: 'linear',
  lookbackDays: 90,
  positionBased: { first: 0.4, last: 0.4 },
  wShaped: { first: 0.3, lead: 0.3, opportunity: 0.3 },
  halfLifeDays: 7,
  bookOn: 'conversion',
  conversionOwner: 'company',
  identity: {},
  sessions: { timeoutMinutes: 30, splitOnSource: true },
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
};
