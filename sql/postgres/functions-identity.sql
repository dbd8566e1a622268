-- Identifiers of people on Postgres: addresses and numbers in one form, and their keys. Same names, arguments and results as
-- sql/duckdb/functions-identity.sql.

-- The key under which an e-mail address or phone number is kept: HMAC-SHA-256 of its UTF-8 bytes under the project's
-- identity secret, hexadecimal. The session holds the secret's two pads (RFC 2104); NULL where it has none.
create or replace function identity_key(value text) returns text language sql stable parallel safe
as $$
  select encode(
    sha256(
      decode(nullif(current_setting('revops.identity_outer', true), ''), 'hex')
      || sha256(decode(nullif(current_setting('revops.identity_inner', true), ''), 'hex') || convert_to(value, 'UTF8'))
    ),
    'hex'
  )
$$;

-- Text in the normal form NFKC: a full-width letter, a ligature, a raised digit as the plain characters they stand for.
create or replace function normal_text(value text) returns text language sql immutable parallel safe
as $$ select case when value ~ '^[\x01-\x7f]*$' then value else normalize(value, NFKC) end $$;

-- An e-mail address in the form in which it is compared: trimmed, NFKC, lower case, its domain as in the DNS (IDNA).
-- NULL for what is no address.
create or replace function email_address(value text) returns text language sql stable parallel safe
as $$
  select case
    -- nearly all: nothing but ASCII, and nothing around it
    when value ~ '^[!-?A-~]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]$'
      then lower(value collate "C") collate "default"
    else _international_address(value)
  end
$$;

-- Apart from the short way, which a query takes in without a call.
create or replace function _international_address(value text) returns text language sql stable parallel safe
as $$
  select case
    when address ~ '^[^@\s]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*[a-z0-9]$' then address
  end
  from (
    select regexp_replace(written, '[^@]*$', '') || ascii_domain(rtrim(substring(written from '[^@]*$'), '.')) as address
    from (
      select translate(
        lower(trim(normal_text(translate(value, 'İΣ​﻿­', 'iσ')), e' \t\n\r') collate "und-x-icu"), '。', '.'
      ) as written
    ) as lowered
  ) as composed
$$;

-- A domain in lower case as it stands in the DNS: labels that are not ASCII in Punycode.
create or replace function ascii_domain(domain text) returns text language sql immutable parallel safe
as $$
  select case
    when domain ~ '^[\x01-\x7f]*$' then domain
    else (
      select string_agg(ascii_label(label), '.' order by place)
      from regexp_split_to_table(domain, '\.') with ordinality as labels(label, place)
    )
  end
$$;

-- A label of a domain in Punycode (RFC 3492, 6.3).
create or replace function ascii_label(label text) returns text language plpgsql immutable parallel safe
as $$
declare
  basic text := regexp_replace(label, '[^\x01-\x7f]', '', 'g');
  points integer[] := array(
    select ascii(letter) from regexp_split_to_table(label, '') with ordinality as letters(letter, place) order by place
  );
  done integer := length(regexp_replace(label, '[^\x01-\x7f]', '', 'g'));
  encoded text := '';
  lowest bigint := 128;
  delta bigint := 0;
  bias bigint := 72;
  wanted bigint;
  point integer;
begin
  if label ~ '^[\x01-\x7f]*$' then
    return label;
  end if;
  while done < cardinality(points) loop
    select min(listed) into wanted from unnest(points) as listed where listed >= lowest;
    delta := delta + (wanted - lowest) * (done + 1);
    lowest := wanted;
    foreach point in array points loop
      if point < lowest then
        delta := delta + 1;
      elsif point = lowest then
        encoded := encoded || _punycode_digits(delta, bias);
        bias := _punycode_bias(delta, done + 1, done = length(basic));
        delta := 0;
        done := done + 1;
      end if;
    end loop;
    delta := delta + 1;
    lowest := lowest + 1;
  end loop;
  return 'xn--' || basic || case when basic = '' then '' else '-' end || encoded;
end
$$;

-- The bias after a number (6.1 of the RFC).
create or replace function _punycode_bias(delta bigint, points integer, is_first boolean) returns bigint
language plpgsql immutable parallel safe
as $$
declare
  left_over bigint := delta / case when is_first then 700 else 2 end;
  bias bigint := 0;
begin
  left_over := left_over + left_over / points;
  while left_over > 455 loop
    left_over := left_over / 35;
    bias := bias + 36;
  end loop;
  return bias + 36 * left_over / (left_over + 38);
end
$$;

-- A number as digits of base 36 whose last one is recognised by its size (6.3 of the RFC).
create or replace function _punycode_digits(delta bigint, bias bigint) returns text
language plpgsql immutable parallel safe
as $$
declare
  alphabet constant text := 'abcdefghijklmnopqrstuvwxyz0123456789';
  left_over bigint := delta;
  place bigint := 36;
  threshold bigint;
  digits text := '';
begin
  loop
    threshold := greatest(1, least(26, place - bias));
    exit when left_over < threshold;
    digits := digits || substr(alphabet, cast(threshold + (left_over - threshold) % (36 - threshold) as integer) + 1, 1);
    left_over := (left_over - threshold) / (36 - threshold);
    place := place + 36;
  end loop;
  return digits || substr(alphabet, cast(left_over as integer) + 1, 1);
end
$$;

-- A phone number in the form E.164: +, country, number. `calling_code`, `trunk_prefix` and `international_prefix` are those of
-- the country in which a number without + and country was written; where they are NULL such a number is none. NULL for what is
-- no number: with letters (an extension too: many people share the number before it), too short or too long.
create or replace function phone_number(value text, calling_code text, trunk_prefix text, international_prefix text)
returns text language sql immutable parallel safe
as $$
  select case when number ~ '^\+[1-9][0-9]{6,14}$' then number end
  from (
    select case
      when starts_with(written, '+') then regexp_replace(written, '\(0\)|[()]', '', 'g')
      when starts_with(written, coalesce(international_prefix, '00')) then
        '+' || regexp_replace(substr(written, length(coalesce(international_prefix, '00')) + 1), '\(0\)|[()]', '', 'g')
      else
        '+' || calling_code || regexp_replace(
          regexp_replace(written, '[()]', '', 'g'),
          '^' || coalesce(trunk_prefix, ''),
          ''
        )
    end as number
    from (
      select regexp_replace(
        regexp_replace(normal_text(value), '^\s*tel:', '', 'i'), '[\s./\-‐–—]', '', 'g'
      ) as written
    ) as compact
  ) as numbers
$$;
