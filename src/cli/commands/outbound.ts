/**
 * Commands that let something out, and only when asked.
 */
import type { CommandDeclaration } from './declaration.ts';

export const OUTBOUND: readonly CommandDeclaration[] = [
  {
    name: 'activate',
    summary: 'write conversions or an audience into files that ad platforms take',
    description:
      'Hashed as the platform asks, each conversion and person once, only of people who consented to advertising. Calls nothing: uploading the files is up to you. An audience with people of a control group is refused with code 5.',
    words: [
      ['<what>', 'conversions or audience', ['conversions', 'audience']],
      ['[name]', 'the audience, as in audience_members'],
    ],
    options: [
      ['--to <platform>', 'the platform, by the name of its connector or the beginning of it'],
      ['--folder <folder>', 'where the files go, in a folder of their own'],
      ['--exclude-control', 'audience: leave the control groups of running experiments out'],
      ['--dry-run', 'only count: who would be handed out, and who is left out, and why'],
    ],
    details: [
      'A second run hands out nothing but what is new, and takes out of audiences who no longer belongs there. [activation.md](activation.md) has the formats, who is left out, and what happens when a run is killed.',
    ],
    examples: [
      'revops activate conversions --to google --folder exports',
      'revops activate audience leads --to meta --folder exports --exclude-control',
      'revops activate conversions --to linkedin --dry-run --json',
    ],
    load: async () => (await import('../activate.ts')).activateCommand,
  },
  {
    name: 'writeback',
    summary: 'write attribution into fields of the CRM; says what it would change unless told to apply',
    description:
      'First touch, last touch and credit per contact and deal into the fields that `writeback` in the config names. Reads what the fields hold now and prints what differs. Ends with 4 where records could not be written, with 5 where the data cannot be trusted.',
    words: [['[target]', "crm, or one connector of the config's writeback (default: crm)"]],
    options: [
      ['--dry-run', 'only say what would change (default)'],
      ['--apply', 'write it'],
      ['--rollback <file>', 'put back what fields held before an --apply, where nobody has changed them since'],
      ['--folder <folder>', 'where the file for --rollback goes (default: writeback beside the config)'],
      ['--force', 'write though the checks say that the data cannot be trusted; rollback: over changes of others, too'],
      ['--reason <text>', 'why it is forced: recorded'],
    ],
    details: [
      'The first --apply needs the permission to write, and nothing else does. [activation.md](activation.md) says which, who is left out, and where each write is recorded.',
    ],
    examples: [
      'revops writeback crm',
      'revops writeback crm --apply',
      'revops writeback crm --rollback writeback/crm-20261101T060000Z-1b9d6bcd.json',
    ],
    load: async () => (await import('../writeback.ts')).writebackCommand,
  },
];
