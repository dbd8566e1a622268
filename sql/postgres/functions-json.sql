-- Values of JSON objects, on Postgres. Same names, arguments and results as sql/duckdb/functions-json.sql.

-- What a member of an object is: text, number, boolean, list, object or null; NULL where there is no such member.
create or replace function json_kind(value jsonb, name text) returns text language sql immutable parallel safe
as $$
  select case jsonb_typeof(value -> name)
    when 'string' then 'text'
    when 'array' then 'list'
    else jsonb_typeof(value -> name)
  end
$$;

-- A member that is a text, number or boolean, as text; NULL where it is none of these, or missing.
create or replace function json_text(value jsonb, name text) returns text language sql immutable parallel safe
as $$ select case when jsonb_typeof(value -> name) not in ('array', 'object', 'null') then value ->> name end $$;

-- A member of an object, as JSON; NULL where it is missing.
create or replace function json_member(value jsonb, name text) returns jsonb language sql immutable parallel safe
as $$ select value -> name $$;
