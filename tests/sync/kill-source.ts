/**
 * A small source of every mode in versions that change, restate, delete and vanish.
 */
import { apply, emptyModel, randomStreams, type Change } from './random-source.ts';
import type { Stream } from '../../src/connector/index.ts';

const CHANGES: Change[][] = [
  [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((id): Change => ({ kind: 'object', id, value: id })),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((day): Change => ({ kind: 'fact', day, id: 1, value: day })),
    ...[1, 2, 3].flatMap((owner) => [1, 2, 3].map((member): Change => ({ kind: 'member', owner, member, isIn: true }))),
    ...[1, 2, 3, 4, 5, 6].map((value): Change => ({ kind: 'event', value })),
  ],
  [
    { kind: 'object', id: 2, value: 20 },
    { kind: 'delete', id: 3 },
    { kind: 'object', id: 10, value: 10 },
    { kind: 'object', id: 5, value: 50 },
    { kind: 'delete', id: 6 },
    { kind: 'object', id: 3, value: 33 },
    { kind: 'fact', day: 2, id: 1, value: 9 },
    { kind: 'fact', day: 2, id: 2, value: 9 },
    { kind: 'vanish', day: 4, id: 1 },
    { kind: 'fact', day: 4, id: 3, value: 1 },
    { kind: 'member', owner: 1, member: 2, isIn: false },
    { kind: 'member', owner: 4, member: 1, isIn: true },
    { kind: 'event', value: 7 },
  ],
];

/** The streams of a version: 1 is the first, 2 has changed. */
export function killStreams(version: number): Stream[] {
  const model = emptyModel();
  for (const changes of CHANGES.slice(0, version)) for (const change of changes) apply(model, change);
  return randomStreams(model, { pageSize: 2, repeats: false, reversed: false, failures: [] });
}
