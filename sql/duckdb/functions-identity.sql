-- Identifiers of people on DuckDB: addresses and numbers in one form, and their keys. Same names, arguments and results as
-- sql/postgres/functions-identity.sql.

-- The key under which an e-mail address or phone number is kept: HMAC-SHA-256 of its UTF-8 bytes under the project's
-- identity secret, hexadecimal. The session holds the secret's two pads (RFC 2104); NULL where it has none.
create or replace macro identity_key(value) as
  -- not a constant where there is no secret: DuckDB gives text || a constant NULL no type
  case when value is not null then cast(sha256(
    unhex(cast(getvariable('identity_outer') as varchar))
    || unhex(sha256(unhex(cast(getvariable('identity_inner') as varchar)) || encode(value)))
  ) as varchar) end;

-- An e-mail address in the form in which it is compared: trimmed, NFKC, lower case, its domain as in the DNS (IDNA).
-- NULL for what is no address.
create or replace macro email_address(value) as
  case
    -- nearly all: nothing but ASCII, and nothing around it
    when regexp_full_match(value, '[!-?A-~]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]') then lower(value)
    else list_transform(
      list_transform(
        [lower(translate(trim(normal_text(translate(value, 'İΣ​﻿­', 'iσ')), e' \t\n\r'), '。', '.'))],
        lambda address: regexp_replace(address, '[^@]*$', '') || ascii_domain(rtrim(regexp_extract(address, '[^@]*$'), '.'))
      ),
      lambda address: case
        when regexp_full_match(address, '[^@\s]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*[a-z0-9]') then address
      end
    )[1]
  end;

-- A domain in lower case as it stands in the DNS: labels that are not ASCII in Punycode.
create or replace macro ascii_domain(domain) as
  case
    when regexp_full_match(domain, '[\x00-\x7F]*') then domain
    else array_to_string(list_transform(string_split(domain, '.'), lambda label: ascii_label(label)), '.')
  end;

-- A label of a domain in Punycode (RFC 3492). The encoder's loop is taken apart: each character beyond ASCII gives one
-- number, which depends on those before it in the order of code points. A list of one and [1] give a value a name.
create or replace macro ascii_label(label) as
  case
    when regexp_full_match(label, '[\x00-\x7F]*') then label
    else list_transform(
      [{
        'basic': regexp_replace(label, '[^\x00-\x7F]', '', 'g'),
        'points': list_transform(string_split(label, ''), lambda letter: cast(unicode(letter) as bigint))
      }],
      lambda written: list_transform(
        [_punycode_order(written.points)],
        lambda inserted: list_transform(
          [_punycode_steps(written.points, inserted, length(written.basic))],
          lambda steps: 'xn--' || written.basic || case when written.basic = '' then '' else '-' end || array_to_string(
            list_transform(
              steps,
              lambda delta, step: _punycode_digits(delta, _punycode_bias(steps[step - 1], length(written.basic) + step - 1, step))
            ),
            ''
          )
        )[1]
      )[1]
    )[1]
  end;

-- The code points beyond ASCII with their positions, by code point and position.
create or replace macro _punycode_order(points) as
  list_sort(list_filter(
    list_transform(points, lambda point, place: { 'point': point, 'place': place }),
    lambda own: own.point >= 128
  ));

-- How far the encoder goes from one inserted character to the next.
create or replace macro _punycode_steps(points, inserted, basics) as
  list_transform(inserted, lambda own, step:
    case
      when step > 1 and inserted[step - 1].point = own.point then
        len(list_filter(points, lambda point, place: place > inserted[step - 1].place and place < own.place and point < own.point))
      else
        (own.point - case when step = 1 then 128 else inserted[step - 1].point + 1 end) * (basics + step)
        + case
          when step = 1 then 0
          else 1 + len(list_filter(points, lambda point, place: place > inserted[step - 1].place and point < inserted[step - 1].point))
        end
        + len(list_filter(points, lambda point, place: place < own.place and point < own.point))
    end
  );

-- The bias after a number (6.1 of the RFC).
create or replace macro _punycode_bias(delta, points, step) as
  case
    when step = 1 then 72
    else list_transform(
      [(delta // case when step = 2 then 700 else 2 end) + (delta // case when step = 2 then 700 else 2 end) // points],
      lambda left_over: case
        when left_over <= 455 then 36 * left_over // (left_over + 38)
        when left_over // 35 <= 455 then 36 + 36 * (left_over // 35) // (left_over // 35 + 38)
        when left_over // 1225 <= 455 then 72 + 36 * (left_over // 1225) // (left_over // 1225 + 38)
        when left_over // 42875 <= 455 then 108 + 36 * (left_over // 42875) // (left_over // 42875 + 38)
        else 144 + 36 * (left_over // 1500625) // (left_over // 1500625 + 38)
      end
    )[1]
  end;

-- A number as digits of base 36 whose last one is recognised by its size (6.3 of the RFC).
create or replace macro _punycode_digits(delta, bias) as
  list_reduce(
    list_transform(range(1, 9), lambda place: { 'place': place, 'left_over': cast(delta as bigint), 'digits': '', 'is_done': false }),
    lambda done, next_one: list_transform(
      [greatest(1, least(26, 36 * next_one.place - bias))],
      lambda threshold: case
        when done.is_done then done
        when done.left_over < threshold then
          { 'place': next_one.place, 'left_over': done.left_over, 'digits': done.digits || _punycode_digit(done.left_over), 'is_done': true }
        else
          {
            'place': next_one.place,
            'left_over': (done.left_over - threshold) // (36 - threshold),
            'digits': done.digits || _punycode_digit(threshold + (done.left_over - threshold) % (36 - threshold)),
            'is_done': false
          }
      end
    )[1],
    { 'place': cast(0 as bigint), 'left_over': cast(delta as bigint), 'digits': '', 'is_done': false }
  ).digits;

-- 0 to 35 as a letter or digit.
create or replace macro _punycode_digit(value) as substr('abcdefghijklmnopqrstuvwxyz0123456789', cast(value + 1 as bigint), 1);

-- A phone number in the form E.164: +, country, number. `calling_code`, `trunk_prefix` and `international_prefix` are those of
-- the country in which a number without + and country was written; where they are NULL such a number is none. NULL for what is
-- no number: with letters (an extension too: many people share the number before it), too short or too long.
create or replace macro phone_number(value, calling_code, trunk_prefix, international_prefix) as
  list_transform(
    list_transform(
      [regexp_replace(regexp_replace(normal_text(value), '^\s*tel:', '', 'i'), '[\s./\-‐–—]', '', 'g')],
      lambda written: case
        when starts_with(written, '+') then regexp_replace(written, '\(0\)|[()]', '', 'g')
        when starts_with(written, coalesce(international_prefix, '00')) then
          '+' || regexp_replace(substr(written, length(coalesce(international_prefix, '00')) + 1), '\(0\)|[()]', '', 'g')
        else
          '+' || calling_code || regexp_replace(
            regexp_replace(written, '[()]', '', 'g'),
            '^' || coalesce(trunk_prefix, ''),
            ''
          )
      end
    ),
    lambda number: case when regexp_full_match(number, '\+[1-9][0-9]{6,14}') then number end
  )[1];
