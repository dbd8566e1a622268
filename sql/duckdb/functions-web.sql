-- URLs and what trackers write, on DuckDB. Same names, arguments and results as sql/postgres/functions-web.sql.

-- Text without blanks around it, runs of blanks inside it as one space; NULL where nothing is left.
create or replace macro tidy_text(value) as
  case
    when regexp_matches(value, '[\t\n\v\f\r\x{00a0}]|^ | $|  ')
      then nullif(trim(regexp_replace(value, '[\t\n\v\f\r \x{00a0}]+', ' ', 'g')), '')
    else nullif(value, '')
  end;

-- A to Z as a to z, all else as it is: the same on every server, whatever its locale.
create or replace macro fold_case(value) as
  case
    -- as many bytes as characters: nothing but ASCII, and many times as fast
    when strlen(value) = length(value) then lower(value)
    else translate(value, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
  end;

-- Whether a pattern is found in a text, upper and lower case apart. Patterns keep to what models/README.md allows.
create or replace macro matches_pattern(value, pattern) as regexp_matches(value, pattern);

-- The query of a URL: what stands between its first ? and its #. NULL where there is none.
create or replace macro url_query(url) as
  nullif(regexp_extract(url, '^[^?#]*\?([^#]*)', 1), '');

-- A value of a URL as it was before it was written into it. One with escapes that are no UTF-8 stays as it is.
create or replace macro url_decoded(value) as
  case
    when strpos(value, '%') = 0 then replace(value, '+', ' ')
    when regexp_full_match(
      value,
      '([^%]|%0[1-9A-Fa-f]|%[1-7][0-9A-Fa-f]|%[Cc][2-9A-Fa-f]%[89AaBb][0-9A-Fa-f]|%[Dd][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ee]0%[AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]|%[Ee][Dd]%[89][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ee][1-9A-CEFa-cef]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ff]0%[9AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ff][1-3]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]'
      || '|%[Ff]4%8[0-9A-Fa-f]%[89AaBb][0-9A-Fa-f]%[89AaBb][0-9A-Fa-f])*'
    )
      then url_decode(replace(value, '+', ' '))
    else value
  end;

-- The first value of a parameter in a query, decoded; its name in whatever case. NULL where it is missing or empty.
create or replace macro query_value(query, name) as
  case
    -- most have few of those that are asked for, and to look for a text costs a tenth of a pattern
    when contains(fold_case(query), name || '=')
      then url_decoded(nullif(regexp_extract(query, '(?i)(?:^|&)' || name || '=([^&]*)', 1), ''))
  end;

-- The host of a URL, lower case, without user, port and www. A bare host counts as one; NULL where there is none.
create or replace macro url_host(url) as
  regexp_replace(
    fold_case(coalesce(
      nullif(regexp_extract(url, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#:@]+)', 1), ''),
      nullif(regexp_extract(url, '^([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)(?:[:/?#]|$)', 1), '')
    )),
    '^www\.',
    ''
  );

-- The site a host belongs to, its registered name: shop.example.co.uk gives example.co.uk. A host without one is its own.
create or replace macro site_of(host) as
  coalesce(
    nullif(regexp_extract(host, '([^.]+(?:\.(?:ac|co|com|edu|gov|net|or|org))?\.[a-z][a-z0-9-]+)\.?$', 1), ''),
    host
  );

-- What a site is called, where the host is the site itself: m.example.co.uk gives example, docs.example.co.uk nothing.
create or replace macro site_name(host) as
  nullif(regexp_extract(
    host,
    '^(?:(?:m|mobile|search|www)\.)*([a-z0-9-]+)(?:\.(?:ac|co|com|edu|gov|net|or|org))?\.[a-z][a-z0-9-]+$',
    1
  ), '');

-- Names a kind of traffic by what channel rules look at; campaigns in any case of letters are the same.
create or replace macro traffic_key(source, medium, campaign, click_id_type, referrer_host) as
  md5(
    md5(coalesce(source, '')) || md5(coalesce(medium, '')) || md5(coalesce(fold_case(campaign), ''))
      || md5(coalesce(click_id_type, '')) || md5(coalesce(referrer_host, ''))
  );

-- The instant a day begins in a time zone: its midnight, the later one where a change of clocks brings two.
create or replace macro day_start(day, zone) as cast(day as timestamp) at time zone zone;
