/**
 * Every command, in the groups and the order of `revops --help`.
 */
import { ANSWERS } from './answers.ts';
import { LOADING } from './loading.ts';
import { MODELS } from './models.ts';
import { OUTBOUND } from './outbound.ts';
import { SET_UP } from './set-up.ts';
import { TRUST } from './trust.ts';
import type { CommandDeclaration } from './declaration.ts';

export const GROUPS: readonly { title: string; commands: readonly CommandDeclaration[] }[] = [
  { title: 'Set up', commands: SET_UP },
  { title: 'Run', commands: LOADING },
  { title: 'Models', commands: MODELS },
  { title: 'Trust', commands: TRUST },
  { title: 'Answers', commands: ANSWERS },
  { title: 'Outbound', commands: OUTBOUND },
];

export const COMMANDS: readonly CommandDeclaration[] = GROUPS.flatMap((group) => group.commands);
