-- Values of JSON objects, on DuckDB. Same names, arguments and results as sql/postgres/functions-json.sql.

-- What a member of an object is: text, number, boolean, list, object or null; NULL where there is no such member.
create or replace macro json_kind(value, name) as
  case json_type(value, '$."' || name || '"')
    when 'VARCHAR' then 'text'
    when 'BOOLEAN' then 'boolean'
    when 'ARRAY' then 'list'
    when 'OBJECT' then 'object'
    when 'NULL' then 'null'
    when 'BIGINT' then 'number'
    when 'UBIGINT' then 'number'
    when 'HUGEINT' then 'number'
    when 'DOUBLE' then 'number'
  end;

-- A member that is a text, number or boolean, as text; NULL where it is none of these, or missing.
create or replace macro json_text(value, name) as
  case
    when json_type(value, '$."' || name || '"') not in ('ARRAY', 'OBJECT', 'NULL')
      then json_extract_string(value, '$."' || name || '"')
  end;

-- A member of an object, as JSON; NULL where it is missing.
create or replace macro json_member(value, name) as json_extract(value, '$."' || name || '"');
