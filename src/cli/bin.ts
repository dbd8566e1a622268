#!/usr/bin/env node
/**
 * The executable. It imports nothing that needs the Node it first checks for.
 */
import module from 'node:module';

const NODE = 24;

if (Number(process.versions.node.split('.')[0]) < NODE) {
  process.stderr.write(`error: revops needs Node ${NODE} or later, this is ${process.versions.node}\n`);
  process.exit(2);
}
module.enableCompileCache();
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
