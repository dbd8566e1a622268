/**
 * The SDK's connection, without what it does by itself: its retries know no Retry-After and leave out POST, and it renews
 * sessions for ever.
 */
import { SalesforceError } from './faults.ts';
import type { Session } from './session.ts';
import { API_VERSION } from './version.ts';

export interface SdkRequest {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface SdkConnection {
  /** JSON of the answer. */
  request<T>(session: Session, request: SdkRequest): Promise<T>;
}

/** `answered` sees every answer before the SDK does, and may give the error it is. */
export async function openConnection(
  answered: (status: number, headers: Record<string, string>, body: string) => SalesforceError | null,
): Promise<SdkConnection> {
  const { Connection } = (await import('jsforce')).default;

  return {
    async request<T>(session: Session, request: SdkRequest): Promise<T> {
      const connection = new Connection({ instanceUrl: session.instanceUrl, accessToken: session.accessToken, version: API_VERSION });
      const inner = connection._transport;
      const transport = {
        httpRequest(asked: Parameters<typeof inner.httpRequest>[0], how: Parameters<typeof inner.httpRequest>[1]) {
          const answer = inner.httpRequest(asked, { ...how, retry: { methods: [] } });
          const checked = answer.then((response) => {
            const refusal = answered(response.statusCode, response.headers, response.body);
            if (refusal !== null) throw refusal;
            return response;
          });
          return Object.assign(checked, { stream: () => answer.stream() });
        },
      };
      const body = await connection.request<unknown>(request, { transport });
      // JSON that cannot be read is handed on as text.
      if (typeof body !== 'object' || body === null) throw new SalesforceError('the answer was cut off', { status: 0 });
      return body as T;
    },
  };
}
