/**
 * The common table expressions at the head of a model's SQL, so that a case can look at one of them.
 */
export interface CommonTable {
  /** Lower case. */
  name: string;
}

/** Those of the outermost `with`, in their order. */
export function commonTables(sql: string): CommonTable[] {
  return headOf(sql).names.map((name) => ({ name }));
}

/**
 * The SQL that gives the rows of one: the model's text up to the end of its `with`, and another last SELECT. Offsets of
 * what stands in the head are as in the model; `head` is how many UTF-8 bytes that is.
 */
export function commonTableSql(sql: string, name: string): { sql: string; head: number } {
  const { end } = headOf(sql);
  const head = sql.slice(0, end);
  return { sql: `${head}\nselect * from ${name}`, head: Buffer.byteLength(head) };
}

// --- internal ---

/** Names of the tables, and where the list of them ends. */
function headOf(sql: string): { names: string[]; end: number } {
  const tokens = tokensOf(sql);
  const names: string[] = [];
  let end = 0;
  let depth = 0;
  // `with [recursive] name [(columns)] as [not materialized] ( … ), name …`: a name stands after `with` or a comma
  let expectsName = false;
  for (const [index, token] of tokens.entries()) {
    const word = token.text.toLowerCase();
    if (index === 0 && word !== 'with') break;
    if (token.text === '(') depth += 1;
    else if (token.text === ')') {
      depth -= 1;
      if (depth === 0) {
        end = token.end;
        const next = tokens[index + 1]?.text.toLowerCase();
        if (next !== ',' && next !== 'as') break;
      }
    } else if (depth > 0) continue;
    else if (word === 'with' || word === ',') expectsName = true;
    else if (expectsName && word !== 'recursive') {
      names.push(token.text.startsWith('"') ? token.text.slice(1, -1).replaceAll('""', '"').toLowerCase() : word);
      expectsName = false;
    }
  }
  return { names, end };
}

/** Words, quoted names and single characters; strings and comments cannot open or close anything. */
function tokensOf(sql: string): { text: string; end: number }[] {
  const pattern = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|\w+|\S/g;
  return [...sql.matchAll(pattern)]
    .map((match) => ({ text: match[0], end: match.index + match[0].length }))
    .filter(({ text }) => !/^(--|\/\*|')/.test(text));
}
