/**
 * The lists of actions in a row, as rows: one per action type and window. Types overlap (`lead` holds the leads of every
 * pixel and form), so they must never be summed: one type in one window is the canonical one.
 */
import type { Node } from './nodes.ts';
import { OWN_WINDOW, WINDOWS } from './windows.ts';

export interface ActionRow {
  action_type: string;
  attribution_window: string;
  is_canonical: boolean;
  conversions: unknown;
  conversion_value: unknown;
}

export function explodeActions(row: Node, canonical: string | undefined): ActionRow[] {
  const counts = entriesOf(row['actions']);
  const values = entriesOf(row['action_values']);
  return [...new Set([...counts.keys(), ...values.keys()])].toSorted().flatMap((type) =>
    [OWN_WINDOW, ...WINDOWS].flatMap((window) => {
      const field = window === OWN_WINDOW ? 'value' : window;
      const [conversions, conversion_value] = [counts.get(type)?.[field], values.get(type)?.[field]];
      if (conversions === undefined && conversion_value === undefined) return [];
      const is_canonical = type === canonical && window === OWN_WINDOW;
      return [
        {
          action_type: type,
          attribution_window: window,
          is_canonical,
          conversions: conversions ?? 0,
          conversion_value: conversion_value ?? '0',
        },
      ];
    }),
  );
}

// --- internal ---

function entriesOf(list: unknown): Map<string, Node> {
  const entries = Array.isArray(list) ? (list as Node[]) : [];
  return new Map(entries.map((entry) => [String(entry['action_type']), entry]));
}
