/**
 * The declared holdouts as the lists that models read.
 */
import type { ModelFile } from '../model/read/model-file.ts';
import type { Holdouts } from './holdouts-schema.ts';

/** The files of `models/reference` that somebody would write who has these experiments. */
export function holdoutLists(holdouts: Holdouts): ModelFile[] {
  return [
    list('holdouts', 'experiment,salt,control_share,from_date,to_date', [
      ...holdouts.map(({ name, salt = name, share, from, to = '' }) => [name, salt, share.toFixed(6), from, to]),
    ]),
    list('holdout_channels', 'experiment,channel', [
      ...holdouts.flatMap(({ name, channels = [] }) => [...new Set(channels)].map((channel) => [name, channel])),
    ]),
  ];
}

// --- internal ---

function list(name: string, header: string, rows: readonly (readonly string[])[]): ModelFile {
  const lines = rows.map((row) => row.map(quoted).join(','));
  return {
    shown: `config/${name}.csv`,
    parts: ['reference', `${name}.csv`],
    text: [header, ...lines].map((line) => `${line}\n`).join(''),
  };
}

/** Empty is NULL. */
function quoted(value: string): string {
  return value === '' ? '' : `"${value.replaceAll('"', '""')}"`;
}
