/**
 * How long does `revops --help` take, next to a Node that does nothing? Measured on the built package:
 * `npm run bench:help`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../dist/src/cli/bin.js');
const TIMES = 21;

const help = median([BIN, '--help']);
const nothing = median(['-e', '0']);
console.log(
  `revops --help: ${help.toFixed(0)} ms; node -e 0: ${nothing.toFixed(0)} ms; median of ${TIMES}, Node ${process.versions.node}`,
);

// --- internal ---

function median(words: readonly string[]): number {
  const times = Array.from({ length: TIMES }, () => {
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
    return performance.now() - began;
  });
  return times.toSorted((one, other) => one - other)[Math.floor(TIMES / 2)] ?? 0;
}
