/**
 * Databases on a Postgres server, by the URL of its maintenance database.
 */
import { randomUUID } from 'node:crypto';

import { Client } from 'pg';

/** Makes a database, empty or a copy of another one that nobody is connected to; gives its URL. */
export async function createDatabase(server: string, copyOf?: string): Promise<string> {
  const name = `revops_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `create database ${name}${copyOf === undefined ? '' : ` template ${nameOf(copyOf)}`}`);
  return databaseOf(server, name);
}

/** The database of that name, or a new one. */
export async function databaseNamed(server: string, known?: string): Promise<{ name: string; url: string }> {
  const url = known === undefined ? await createDatabase(server) : databaseOf(server, known);
  return { name: nameOf(url), url };
}

/** Drops a database, whoever is connected to it. */
export async function dropDatabase(server: string, url: string): Promise<void> {
  await onServer(server, `drop database if exists ${nameOf(url)} with (force)`);
}

// --- internal ---

function databaseOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function onServer(server: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
