/** Cases that say nothing about a connector that asks nobody: it reads what lies on a disk. */
const NO_REQUESTS = 'it asks nobody: what it reads lies on the disk';
const NO_CREDENTIALS = 'it shows nobody credentials';

export const WITHOUT_REQUESTS: Readonly<Record<string, string>> = {
  'records in another order': NO_REQUESTS,
  'a row is missing': 'nothing tells a total',
  'every record twice': 'its own tests',
  'fields nobody knows': 'only columns with a meaning are read',
  'ten times the records': NO_REQUESTS,
  merged: 'what is written stays as it is',
  '502 in HTML': NO_REQUESTS,
  '200 in HTML': NO_REQUESTS,
  'connection reset': NO_REQUESTS,
  'answer cut off': NO_REQUESTS,
  'no answer': NO_REQUESTS,
  'told to wait': NO_REQUESTS,
  'told to slow down': NO_REQUESTS,
  'token ends in mid-run': NO_CREDENTIALS,
  'quota used up': NO_REQUESTS,
  'credentials refused': NO_CREDENTIALS,
  'secrets nowhere': NO_CREDENTIALS,
  'the platform is strict': NO_REQUESTS,
};
