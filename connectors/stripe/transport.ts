/**
 * The SDK's own HTTP client, watched. The SDK repeats a request whose connection was closed, even with its retries off, so
 * it does not get to see the code it decides by: repeating is the gateway's matter, which counts and paces.
 */
import type { Stripe } from 'stripe';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;

/** A request that got no answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export function watched(inner: HttpClient, answered: (headers: Record<string, unknown>) => void): HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(...request) {
      try {
        const response = await inner.makeRequest(...request);
        const headers = response.getHeaders() as Record<string, unknown>;
        answered(headers);
        // The SDK would print it as a warning of the process.
        delete headers['stripe-notice'];
        return response;
      } catch (error) {
        const code = (error as { code?: unknown } | null)?.code;
        throw new NoAnswer(typeof code === 'string' ? code : 'unknown reason');
      }
    },
  };
}
