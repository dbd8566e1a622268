/**
 * The state schema's versions, oldest first. A version that was released is never changed; the next one changes it.
 */
import type { Knex } from 'knex';

export interface Migration {
  version: number;
  description: string;
  change(schema: Knex.SchemaBuilder): void;
  /** Columns that identify a row, per table: unique indexes on Postgres. DuckDB gets none (they cost it its bulk writes). */
  keys: Record<string, string[]>;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    description: 'Streams, intervals, loads, rejected rows, runs, builds and what is published',
    change(schema) {
      schema.createTable('meta', (table) => {
        table.text('key').notNullable();
        table.text('value').notNullable();
      });
      schema.createTable('stream_state', (table) => {
        stream(table);
        table.text('cursor');
        table.bigInteger('revision').notNullable();
        time(table, 'full_read_at');
        time(table, 'full_started_at');
        time(table, 'updated_at').notNullable();
        table.text('load_id');
      });
      schema.createTable('intervals', (table) => {
        stream(table);
        table.date('day').notNullable();
        time(table, 'loaded_at').notNullable();
        table.text('load_id').notNullable();
        table.bigInteger('row_count').notNullable();
      });
      schema.createTable('partitions', (table) => {
        stream(table);
        table.text('label').notNullable();
        table.text('time_zone');
        table.integer('restates');
        table.date('earliest');
        table.date('start');
        time(table, 'seen_at').notNullable();
      });
      schema.createTable('loads', (table) => {
        table.text('load_id').notNullable();
        // The order in which loads were committed.
        table.bigInteger('load_number').notNullable();
        table.text('run_id').notNullable();
        stream(table);
        table.text('slice').notNullable();
        table.text('mode').notNullable();
        time(table, 'started_at').notNullable();
        time(table, 'extracted_at');
        time(table, 'committed_at');
        for (const count of ['read', 'loaded', 'unchanged', 'rejected', 'deleted', 'vanished']) {
          table.bigInteger(`rows_${count}`).notNullable();
        }
        table.text('cursor_before');
        table.text('cursor_after');
        table.text('control');
        table.bigInteger('requests');
      });
      schema.createTable('rejected_rows', (table) => {
        table.text('load_id').notNullable();
        table.text('connector').notNullable();
        table.text('stream').notNullable();
        table.bigInteger('row_number').notNullable();
        table.text('reason').notNullable();
        table.text('payload').notNullable();
      });
      schema.createTable('runs', (table) => {
        table.text('run_id').notNullable();
        table.text('command').notNullable();
        time(table, 'started_at').notNullable();
        time(table, 'finished_at');
        table.text('status').notNullable();
        table.text('version').notNullable();
        table.text('summary');
      });
      schema.createTable('model_runs', (table) => {
        table.text('run_id').notNullable();
        table.text('build_id').notNullable();
        table.text('model').notNullable();
        table.text('action').notNullable();
        table.text('reason');
        table.bigInteger('rows');
        table.bigInteger('milliseconds');
        table.text('status').notNullable();
        table.text('error');
      });
      schema.createTable('builds', (table) => {
        table.text('build_id').notNullable();
        table.text('run_id').notNullable();
        time(table, 'started_at').notNullable();
        time(table, 'published_at');
        table.text('status').notNullable();
      });
      schema.createTable('published', (table) => {
        table.text('relation_schema').notNullable();
        table.text('relation_name').notNullable();
        table.text('build_id').notNullable();
        table.text('physical_name').notNullable();
        table.text('fingerprint').notNullable();
        table.text('columns').notNullable();
        time(table, 'published_at').notNullable();
        table.text('input_version');
      });
    },
    keys: {
      meta: ['key'],
      stream_state: ['connector', 'stream', 'partition_key'],
      intervals: ['connector', 'stream', 'partition_key', 'day'],
      partitions: ['connector', 'stream', 'partition_key'],
      loads: ['load_id'],
      runs: ['run_id'],
      builds: ['build_id'],
      published: ['relation_schema', 'relation_name'],
    },
  },
  {
    version: 2,
    description: 'Values that streams keep over an interruption',
    change(schema) {
      schema.createTable('kept_values', (table) => {
        table.text('connector').notNullable();
        table.text('stream').notNullable();
        table.text('key').notNullable();
        table.text('value').notNullable();
        time(table, 'kept_at').notNullable();
      });
    },
    keys: { kept_values: ['connector', 'stream', 'key'] },
  },
  {
    version: 3,
    description: 'How a model was built: whole, in part or not at all, and with how many rows',
    change(schema) {
      // DuckDB adds one column at a time
      schema.alterTable('model_runs', (table) => table.text('mode'));
      for (const count of ['written', 'removed', 'unchanged']) {
        schema.alterTable('model_runs', (table) => table.bigInteger(`rows_${count}`));
      }
      schema.alterTable('model_runs', (table) => table.text('because'));
    },
    keys: {},
  },
  {
    version: 4,
    description: 'Baselines of the attribution lock',
    change(schema) {
      schema.createTable('baselines', (table) => {
        table.text('baseline_id').notNullable();
        // The order in which they came; the last one is in force.
        table.bigInteger('baseline_number').notNullable();
        table.text('digest').notNullable();
        table.text('parts').notNullable();
        table.text('reason').notNullable();
        time(table, 'created_at').notNullable();
        table.date('effective_from');
      });
    },
    keys: { baselines: ['baseline_id'] },
  },
  {
    version: 5,
    description: 'What each build changed, to explain it and to take it back; more in the records of runs',
    change(schema) {
      // DuckDB adds one column at a time
      schema.alterTable('builds', (table) => time(table, 'clock_at'));
      // What a view was made with, so that it can be made again: JSON of its SELECT and its description.
      schema.alterTable('published', (table) => table.text('shown'));
      schema.alterTable('published', (table) => table.bigInteger('row_count'));
      for (const name of ['started_at', 'finished_at']) {
        schema.alterTable('model_runs', (table) => time(table, name));
      }
      schema.alterTable('model_runs', (table) => table.bigInteger('rows_read'));
      schema.alterTable('model_runs', (table) => table.text('warnings'));
      schema.createTable('changes', (table) => {
        table.text('build_id').notNullable();
        table.text('relation_schema').notNullable();
        table.text('relation_name').notNullable();
        // view, rebuilt, updated, kept, tested, removed
        table.text('kind').notNullable();
        table.text('materialized');
        // The row of `published` before, as JSON; null where there was none.
        table.text('before');
        // The key's columns at that time, as JSON.
        table.text('key_columns').notNullable();
        table.text('grain').notNullable();
        // The parts that differed, as JSON: definition or data, before and after.
        table.text('parts').notNullable();
        table.boolean('has_rows').notNullable();
        for (const count of ['before', 'after', 'removed', 'added']) table.bigInteger(`rows_${count}`);
      });
    },
    keys: { changes: ['build_id', 'relation_schema', 'relation_name'] },
  },
  {
    version: 6,
    description: 'Ledgers: the columns they have had, and digests of what each build froze',
    change(schema) {
      schema.createTable('ledger_columns', (table) => {
        table.text('relation_name').notNullable();
        table.text('column_name').notNullable();
        table.text('type').notNullable();
        // key, grain, value
        table.text('role').notNullable();
        table.bigInteger('position').notNullable();
        // The number of the first build that froze rows with it.
        table.bigInteger('since_build').notNullable();
      });
      schema.createTable('ledger_digests', (table) => {
        table.text('relation_name').notNullable();
        // A month, `2026-03`; empty where the rows have no time.
        table.text('period').notNullable();
        table.text('build_id').notNullable();
        table.bigInteger('row_count').notNullable();
        table.text('digest').notNullable();
      });
    },
    keys: {
      ledger_columns: ['relation_name', 'column_name'],
      ledger_digests: ['relation_name', 'period', 'build_id'],
    },
  },
  {
    version: 7,
    description: 'What checks found, from when to when, and what was acknowledged',
    change(schema) {
      schema.createTable('check_results', (table) => {
        table.text('check_name').notNullable();
        // What the finding is about; with its day where a check can find several days of one subject.
        table.text('finding').notNullable();
        table.text('subject').notNullable();
        table.date('day');
        table.text('severity').notNullable();
        table.text('detail').notNullable();
        // What numbers for budgets need of it; null where they do not.
        table.text('gates');
        time(table, 'opened_at').notNullable();
        // The last build that found it.
        time(table, 'seen_at').notNullable();
        table.text('build_id').notNullable();
        // The first build that found it no more.
        time(table, 'closed_at');
      });
      schema.createTable('check_acks', (table) => {
        table.text('check_name').notNullable();
        // Null: all of the check's subjects.
        table.text('subject');
        table.text('reason').notNullable();
        time(table, 'acknowledged_at').notNullable();
        time(table, 'expires_at').notNullable();
      });
    },
    keys: { check_results: ['check_name', 'finding', 'opened_at'] },
  },
  {
    version: 8,
    description: 'Which layer a finding is of, who answers for it, and numbers that were given in spite of checks',
    change(schema) {
      // data, pipeline or attribution
      schema.alterTable('check_results', (table) => table.text('layer'));
      schema.alterTable('check_acks', (table) => table.text('acknowledged_by'));
      schema.createTable('forced_answers', (table) => {
        // The command and what it was asked.
        table.text('command').notNullable();
        time(table, 'forced_at').notNullable();
        table.text('forced_by').notNullable();
        table.text('reason');
        // untrusted or unchecked
        table.text('trust').notNullable();
        // The errors that were overruled, as JSON: check and subject of each.
        table.text('because').notNullable();
      });
    },
    keys: {},
  },
  {
    version: 9,
    description: 'What left the warehouse: fields written into other systems, and what was handed out as files',
    change(schema) {
      schema.createTable('written_records', (table) => {
        table.text('run_id').notNullable();
        table.text('connector').notNullable();
        // contacts, deals
        table.text('kind').notNullable();
        table.text('record_id').notNullable();
        // Names of the fields, separated by commas; never values.
        table.text('fields').notNullable();
        // written, rolled_back, failed
        table.text('outcome').notNullable();
        table.text('message');
        time(table, 'written_at').notNullable();
        // The errors of checks that were overruled, as JSON; null where none were.
        table.text('forced');
      });
      schema.createTable('export_batches', (table) => {
        table.text('batch_id').notNullable();
        table.text('destination').notNullable();
        // conversions, or audience and its name
        table.text('list').notNullable();
        // Where its files are; they have their final name once all of them are whole.
        table.text('folder').notNullable();
        // writing, done
        table.text('status').notNullable();
        time(table, 'begun_at').notNullable();
      });
      schema.createTable('exported_items', (table) => {
        table.text('batch_id').notNullable();
        table.text('destination').notNullable();
        table.text('list').notNullable();
        // Id of the conversion, or the person's.
        table.text('item_id').notNullable();
        // added, removed
        table.text('change').notNullable();
        time(table, 'exported_at').notNullable();
      });
    },
    keys: { export_batches: ['batch_id'], exported_items: ['batch_id', 'item_id'] },
  },
  {
    version: 10,
    description: 'Which builds brought all checks and marts up to date, and which finding an acknowledgement is about',
    change(schema) {
      // whole, part or none of them; null where an earlier version built
      schema.alterTable('builds', (table) => table.text('answers'));
      // What its checks are, as JSON; null where it left some out.
      schema.alterTable('builds', (table) => table.text('checks'));
      schema.alterTable('check_acks', (table) => table.text('finding'));
      // The gravest that is answered for.
      schema.alterTable('check_acks', (table) => table.text('severity'));
    },
    keys: {},
  },
];

// --- internal ---

/** A stream's partition; the key is canonical JSON, `{}` where a stream has no partitions. */
function stream(table: Knex.CreateTableBuilder): void {
  table.text('connector').notNullable();
  table.text('stream').notNullable();
  table.text('partition_key').notNullable();
}

function time(table: Knex.CreateTableBuilder, name: string): Knex.ColumnBuilder {
  return table.timestamp(name, { useTz: true });
}
