/**
 * The SDK's part: it prepares URL, headers and body of a request. Its own readers are not used: they swallow errors in
 * the middle of a stream, round 64-bit integers and drop enum values they do not know.
 */
import { PLATFORM, type GoogleAdsOptions } from './options.ts';

export interface PreparedRequest {
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface Requests {
  /** The version of the API the SDK speaks. */
  apiVersion: string;
  searchStream(target: Target, token: string, query: string): PreparedRequest;
  listAccessibleCustomers(token: string): PreparedRequest;
}

export interface Target {
  customerId: string;
  /** The account through which the user reaches it; undefined where directly. */
  loginCustomerId: string | undefined;
}

export async function loadRequests(options: GoogleAdsOptions): Promise<Requests> {
  const { GoogleAdsApi, googleAdsVersion } = await import('google-ads-api');
  const api = new GoogleAdsApi({
    client_id: options.clientId.reveal(),
    client_secret: options.clientSecret.reveal(),
    developer_token: options.developerToken.reveal(),
    disable_parsing: true,
  });
  const prepare = (target: Target, token: string, query: string): SdkRequest => {
    const customer = api.Customer({
      customer_id: target.customerId,
      refresh_token: options.refreshToken.reveal(),
      ...(target.loginCustomerId === undefined ? {} : { login_customer_id: target.loginCustomerId }),
    }) as unknown as PreparingCustomer;
    return customer.prepareGoogleAdsServicePostRequestArgs('searchStream', token, { data: { query } });
  };
  const at = (url: string): string => url.replace(PLATFORM, options.endpoint);

  return {
    apiVersion: googleAdsVersion,
    searchStream(target, token, query) {
      const { url, headers, data } = prepare(target, token, query);
      return { url: at(url), headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(data) };
    },
    listAccessibleCustomers(token) {
      const { url, headers } = prepare({ customerId: '', loginCustomerId: undefined }, token, '');
      return { url: at(url.replace(/customers\/.*$/, 'customers:listAccessibleCustomers')), headers, body: undefined };
    },
  };
}

// --- internal ---

interface SdkRequest {
  url: string;
  headers: Record<string, string>;
  data: { query: string };
}

/** Private in the SDK's types; a test holds it to this shape. */
interface PreparingCustomer {
  prepareGoogleAdsServicePostRequestArgs(
    method: 'searchStream',
    token: string,
    extra: { data: { query: string } },
  ): SdkRequest;
}
