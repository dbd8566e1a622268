import {
  LineCounter,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';

import { messageOf } from '../../errors.ts';

/** A YAML text as plain values, and the line of each of them. */
export interface LocatedYaml {
  value: unknown;
  errors: { message: string; line: number }[];
  /** Line of the value at a path, or of the deepest part of the path that exists. 1-based. */
  lineOf(path: readonly (string | number)[]): number;
}

/** One entry of a mapping, as if it were a text of its own. */
export function entryOf(yaml: LocatedYaml, key: string): LocatedYaml {
  const value =
    typeof yaml.value === 'object' && yaml.value !== null ? (yaml.value as Record<string, unknown>)[key] : undefined;
  return { value, errors: [], lineOf: (path) => yaml.lineOf([key, ...path]) };
}

/** Reads YAML; `firstLine` is the line of its file on which the text begins. */
export function readYaml(text: string, firstLine: number): LocatedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number): number => Math.max(1, lines.linePos(offset).line) + firstLine - 1;
  const errors = document.errors.map((error) => ({ message: error.message, line: at(error.pos[0]) }));
  return {
    value: errors.length > 0 ? undefined : valueOf(document, (message) => errors.push({ message, line: firstLine })),
    errors,
    lineOf(path) {
      let offset = 0;
      let node: unknown = document.contents;
      for (const step of path) {
        const found = childOf(node, step);
        if (found === undefined) break;
        offset = found.offset ?? offset;
        node = found.node;
      }
      return path.length === 0 ? firstLine : at(offset);
    },
  };
}

// --- internal ---

/** Aliases are resolved here, and those that would multiply beyond measure are refused. */
function valueOf(document: Document.Parsed, fail: (message: string) => void): unknown {
  try {
    return document.toJS();
  } catch (error) {
    fail(messageOf(error));
    return undefined;
  }
}

function childOf(node: unknown, step: string | number): { node: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair: Pair | undefined = node.items.find((item) => keyOf(item) === String(step));
    if (pair === undefined) return undefined;
    return { node: pair.value, offset: startOf(pair.key) ?? startOf(pair.value) };
  }
  if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
    return { node: node.items[step], offset: startOf(node.items[step]) };
  }
  return undefined;
}

function keyOf(item: unknown): string | undefined {
  return isPair(item) && isScalar(item.key) ? String(item.key.value) : undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
