/**
 * Roles of a Postgres warehouse with the least privileges: who loads cannot write models, who builds cannot write raw
 * data, who reads sees models and the records of runs, and no raw data.
 */
import { identifier, literal } from './sql.ts';

export interface Roles {
  /** Owns the state, the schema `revops`; nobody logs in as it. Loader and builder are members. */
  state: string;
  /** `revops sync`. */
  loader: string;
  /** `revops build`. */
  builder: string;
  /** `revops query`, `cac`, `check`, and reports. */
  reader: string;
}

/** `<prefix>_loader`, …; roles are the server's, so two warehouses on one take two prefixes. */
export function roleNames(prefix: string): Roles {
  const name = (kind: string): string => `${prefix}_${kind}`;
  return { state: name('state'), loader: name('loader'), builder: name('builder'), reader: name('reader') };
}

/**
 * The script that makes them in a database, or brings them up to date: for its owner who may create roles, or a
 * superuser. What is there already goes to the role it belongs to. Roles get no password: that is said by hand.
 * `modelSchemas` are those that a build writes.
 */
export function rolesScript(roles: Roles, database: string, modelSchemas: readonly string[]): string {
  const { state, loader, builder, reader } = Object.fromEntries(
    Object.entries(roles).map(([kind, name]) => [kind, identifier(name as string)]),
  ) as unknown as Roles;
  const built = modelSchemas.map(literal).join(', ');
  return `-- roles
${Object.values(roles)
  .map((name: string) => createRole(name, name === roles.state ? 'nologin' : 'login'))
  .join('\n')}
do $$ begin
  -- who is no superuser changes what belongs to a role only as its member
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant ${state}, ${loader}, ${builder} to %I', current_user);
  end if;
end $$;
grant ${state} to ${loader}, ${builder};

-- what they may make
grant connect, temporary on database ${identifier(database)} to ${loader}, ${builder}, ${reader};
grant create on database ${identifier(database)} to ${state}, ${loader}, ${builder};
create schema if not exists revops authorization ${state};
${modelSchemas.map((schema) => `create schema if not exists ${identifier(schema)} authorization ${builder};`).join('\n')}

-- what is there already
do $$ declare item record; begin
  for item in
    select nspname, oid, case when nspname = 'revops' then ${literal(roles.state)} when nspname in (${built}) then ${literal(roles.builder)} else ${literal(roles.loader)} end as role
    from pg_namespace where nspname = 'revops' or nspname in (${built}) or starts_with(nspname, 'raw_')
  loop
    execute format('alter schema %I owner to %I', item.nspname, item.role);
  end loop;
  for item in
    select n.nspname, c.relname, case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind,
      pg_get_userbyid(n.nspowner) as role
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm') and (n.nspname = 'revops' or n.nspname in (${built}) or starts_with(n.nspname, 'raw_'))
  loop
    execute format('alter %s %I.%I owner to %I', item.kind, item.nspname, item.relname, item.role);
  end loop;
  for item in select nspname, pg_get_userbyid(nspowner) as role from pg_namespace
    where nspname = 'revops' or nspname in (${built}) or starts_with(nspname, 'raw_')
  loop
    if starts_with(item.nspname, 'raw_') then
      execute format('grant usage on schema %I to %I', item.nspname, ${literal(roles.builder)});
      execute format('grant select on all tables in schema %I to %I', item.nspname, ${literal(roles.builder)});
    else
      execute format('grant usage on schema %I to %I', item.nspname, ${literal(roles.reader)});
      execute format('grant select on all tables in schema %I to %I', item.nspname, ${literal(roles.reader)});
    end if;
  end loop;
end $$;

-- what will be made
alter default privileges for role ${loader} grant usage on schemas to ${builder};
alter default privileges for role ${loader} grant select on tables to ${builder};
alter default privileges for role ${builder} grant usage on schemas to ${reader};
alter default privileges for role ${builder} grant select on tables to ${reader};
alter default privileges for role ${state} grant select on tables to ${reader};
grant usage on schema revops to ${reader};`;
}

// --- internal ---

function createRole(name: string, login: 'login' | 'nologin'): string {
  return `do $$ begin if not exists (select from pg_roles where rolname = ${literal(name)}) then create role ${identifier(name)} ${login}; end if; end $$;`;
}
