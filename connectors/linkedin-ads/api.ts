/**
 * Requests to the platform: headers, encoding, long queries in the body, a token renewed once where it was refused.
 */
import type { ConnectContext } from 'revops/connector';

import { LinkedinError, refusalOf, UnreadableAnswer } from './failures.ts';
import { objectOf, parsedObject, type Node } from './json.ts';
import type { LinkedinAdsOptions } from './options.ts';
import { queryOf, type Value } from './restli.ts';
import { openTokens, type TokenFacts } from './tokens.ts';

/** The answer of a finder. */
export interface Found {
  elements: Node[];
  metadata: Node;
  paging: Node;
}

export interface Api {
  /** A finder of a resource: `adAccounts`, `adAccounts/123/adCampaigns`, … */
  find(resource: string, finder: string, parameters: Readonly<Record<string, Value>>): Promise<Found>;
  inspectToken(): Promise<TokenFacts | null>;
}

export function openApi(options: LinkedinAdsOptions, { gateway, signal, now }: ConnectContext): Api {
  const tokens = openTokens(
    options,
    (path, form) =>
      send(`${options.tokenEndpoint}/${path}`, {
        method: 'POST',
        headers: FORM,
        body: new URLSearchParams(form).toString(),
      }),
    now,
  );

  async function send(url: string, request: RequestInit): Promise<Node> {
    const limit = AbortSignal.timeout(TIME_LIMIT_MS);
    const answer = await fetch(url, { ...request, signal: AbortSignal.any([signal, limit]) });
    const body = await answer.text();
    if (!answer.ok) throw refusalOf(answer.status, answer.headers, body, now());
    const content = parsedObject(body);
    if (content === undefined) throw new UnreadableAnswer('the answer is not JSON');
    return content;
  }

  async function ask(resource: string, query: string, token: string): Promise<Found> {
    const url = `${options.endpoint}/rest/${resource}`;
    const headers = {
      authorization: `Bearer ${token}`,
      'linkedin-version': options.apiVersion,
      'x-restli-protocol-version': '2.0.0',
      'x-restli-method': 'FINDER',
    };
    const isLong = query.length > LONGEST_QUERY;
    const tunnelled = { ...headers, ...FORM, 'x-http-method-override': 'GET' };
    const answer = await (isLong
      ? send(url, { method: 'POST', headers: tunnelled, body: query })
      : send(`${url}?${query}`, { headers }));
    const { elements, metadata, paging } = answer;
    if (!Array.isArray(elements)) throw new UnreadableAnswer('the answer has no list of elements');
    return { elements: elements as Node[], metadata: objectOf(metadata), paging: objectOf(paging) };
  }

  return {
    find(resource, finder, parameters) {
      const query = queryOf({ q: finder, ...parameters });
      return gateway.call(resource, async () => {
        const token = await tokens.current();
        try {
          return await ask(resource, query, token);
        } catch (error) {
          const isRefused = error instanceof LinkedinError && error.status === 401;
          if (!isRefused || !(await tokens.replace(token))) throw error;
          return ask(resource, query, await tokens.current());
        }
      });
    },
    inspectToken: () => gateway.call('token', () => tokens.inspect()),
  };
}

// --- internal ---

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** Characters of a query in the URL, all of them ASCII: the platform refuses more than 4 KB. */
const LONGEST_QUERY = 4000;
const TIME_LIMIT_MS = 180_000;
