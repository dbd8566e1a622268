/**
 * The SDK's connection on a transport of ours. Its own retries without knowing Retry-After, leaves out POST, and ends the
 * whole process when an answer breaks off in the middle; its renewal of sessions never gives up.
 */
import { PassThrough } from 'node:stream';

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
  request<T>(session: Session, request: SdkRequest, signal: AbortSignal): Promise<T>;
}

/** `answered` sees every answer before the SDK does, and may give the error it is. */
export async function openConnection(
  answered: (status: number, headers: Record<string, string>, body: string) => SalesforceError | null,
): Promise<SdkConnection> {
  const { Connection } = (await import('jsforce')).default;

  async function send(
    { url, ...asked }: SdkRequest,
    signal: AbortSignal,
  ): Promise<{ statusCode: number; headers: Record<string, string>; body: string }> {
    const response = await fetch(url, { ...asked, signal });
    const headers = Object.fromEntries(response.headers);
    const body = await response.text();
    const refusal = answered(response.status, headers, body);
    if (refusal !== null) throw refusal;
    return { statusCode: response.status, headers, body };
  }

  return {
    async request<T>(session: Session, request: SdkRequest, signal: AbortSignal): Promise<T> {
      const connection = new Connection({
        instanceUrl: session.instanceUrl,
        accessToken: session.accessToken,
        version: API_VERSION,
      });
      const transport = {
        httpRequest: (asked: SdkRequest) => Object.assign(send(asked, signal), { stream: () => new PassThrough() }),
      };
      const body = await connection.request<unknown>(request, { transport });
      // JSON that cannot be read is handed on as text.
      if (typeof body !== 'object' || body === null) throw new SalesforceError('the answer was cut off', { status: 0 });
      return body as T;
    },
  };
}
