-- URLs and what trackers write, on Postgres. Same names, arguments and results as sql/duckdb/functions-web.sql.

-- Text without blanks around it, runs of blanks inside it as one space; NULL where nothing is left.
create or replace function tidy_text(value text) returns text language sql immutable parallel safe
as $$ select nullif(trim(regexp_replace(value, '[\t\n\v\f\r \u00a0]+', ' ', 'g')), '') $$;

-- A to Z as a to z, all else as it is: the same on every server, whatever its locale.
create or replace function fold_case(value text) returns text language sql immutable parallel safe
as $$ select lower(value collate "C") collate "default" $$;

-- Whether a pattern is found in a text, upper and lower case apart. Patterns keep to what models/README.md allows.
create or replace function matches_pattern(value text, pattern text) returns boolean language sql immutable parallel safe
as $$ select value ~ pattern $$;

-- The query of a URL: what stands between its first ? and its #. NULL where there is none.
create or replace function url_query(url text) returns text language sql immutable parallel safe
as $$ select nullif(substring(url from '^[^?#]*\?([^#]*)'), '') $$;

-- A value of a URL as it was before it was written into it. One with escapes that are no UTF-8 stays as it is.
create or replace function url_decoded(value text) returns text language sql immutable strict parallel safe
as $$
  select case
    when strpos(value, '%') = 0 then replace(value, '+', ' ')
    when value ~ (
      '^([^%]|%0[1-9A-Fa-f]|%[1-7][0-9A-Fa-f]|%[Cc][2-9A-Fa-f]%[89AaBb][0-9A-Fa-f]|%[Dd][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ee]0%[AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]|%[Ee][Dd]%[89][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ee][1-9A-CEFa-cef]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ff]0%[9AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ff][1-3]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ff]4%8[0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f])*$'
    )
      then (
        select convert_from(
          string_agg(
            case
              when left(part[1], 1) = '%' then decode(substr(part[1], 2), 'hex')
              else convert_to(part[1], 'UTF8')
            end,
            ''::bytea order by place
          ),
          'UTF8'
        )
        from regexp_matches(replace(value, '+', ' '), '%[0-9A-Fa-f]{2}|[^%]+', 'g') with ordinality as parts(part, place)
      )
    else value
  end
$$;

-- The first value of a parameter in a query, decoded; its name in whatever case. NULL where it is missing or empty.
create or replace function query_value(query text, name text) returns text language sql immutable parallel safe
as $$
  select case
    -- most have few of those that are asked for, and to look for a text costs a tenth of a pattern
    when strpos(fold_case(query), name || '=') > 0
      then url_decoded(nullif(substring(query from '(?i)(?:^|&)' || name || '=([^&]*)'), ''))
  end
$$;

-- The host of a URL, lower case, without user, port and www. A bare host counts as one; NULL where there is none.
create or replace function url_host(url text) returns text language sql immutable parallel safe
as $$
  select regexp_replace(
    fold_case(coalesce(
      nullif(substring(url from '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#:@]+)'), ''),
      nullif(substring(url from '^([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)(?:[:/?#]|$)'), '')
    )),
    '^www\.',
    ''
  )
$$;

-- The site a host belongs to, its registered name: shop.example.co.uk gives example.co.uk. A host without one is its own.
create or replace function site_of(host text) returns text language sql immutable parallel safe
as $$
  select coalesce(
    nullif(substring(host from '(?:^|\.)([^.]+(?:\.(?:ac|co|com|edu|gov|net|or|org))?\.[a-z][a-z0-9-]+)\.?$'), ''),
    host
  )
$$;

-- What a site is called, where the host is the site itself: m.example.co.uk gives example, docs.example.co.uk nothing.
create or replace function site_name(host text) returns text language sql immutable parallel safe
as $$
  select nullif(substring(
    host from '^(?:(?:m|mobile|search|www)\.)*([a-z0-9-]+)(?:\.(?:ac|co|com|edu|gov|net|or|org))?\.[a-z][a-z0-9-]+$'
  ), '')
$$;

-- Names a kind of traffic by what channel rules look at; campaigns in any case of letters are the same.
create or replace function traffic_key(source text, medium text, campaign text, click_id_type text, referrer_host text)
returns text language sql immutable parallel safe
as $$
  select md5(
    md5(coalesce(source, '')) || md5(coalesce(medium, '')) || md5(coalesce(fold_case(campaign), ''))
      || md5(coalesce(click_id_type, '')) || md5(coalesce(referrer_host, ''))
  )
$$;

-- The instant a day begins in a time zone: its midnight, the later one where a change of clocks brings two.
create or replace function day_start(day date, zone text) returns timestamptz language sql immutable parallel safe
as $$ select cast(day as timestamp) at time zone zone $$;
