/**
 * The official SDK on a transport of ours. Its own gives neither status nor headers, so that the day's tokens could not be
 * seen, and tries nothing again.
 */
import type { Asked, Answered } from './transport.ts';

/** What the connector uses of the SDK. */
export type Sdk = Awaited<ReturnType<typeof openSdk>>;

export async function openSdk(endpoint: string, send: (asked: Asked) => Promise<Answered>) {
  const [v1, v2] = await Promise.all([import('pipedrive/v1'), import('pipedrive/v2')]);
  const current = new v2.Configuration({ basePath: `${endpoint}/api/v2` });
  /** What has no successor: the changelog and the participants of deals, users, recent changes. */
  const former = new v1.Configuration({ basePath: `${endpoint}/api/v1` });

  function onTransport<Api>(api: Api): Api {
    const { axios } = api as unknown as { axios: { defaults: { adapter: unknown } } };
    axios.defaults.adapter = async (config: AxiosRequest) => ({
      ...(await send({ method: (config.method ?? 'get').toUpperCase(), url: config.url, headers: ACCEPT })),
      statusText: '',
      config,
    });
    return api;
  }

  return {
    deals: onTransport(new v2.DealsApi(current)),
    persons: onTransport(new v2.PersonsApi(current)),
    organizations: onTransport(new v2.OrganizationsApi(current)),
    pipelines: onTransport(new v2.PipelinesApi(current)),
    stages: onTransport(new v2.StagesApi(current)),
    dealFields: onTransport(new v2.DealFieldsApi(current)),
    personFields: onTransport(new v2.PersonFieldsApi(current)),
    organizationFields: onTransport(new v2.OrganizationFieldsApi(current)),
    formerDeals: onTransport(new v1.DealsApi(former)),
    users: onTransport(new v1.UsersApi(former)),
    recents: onTransport(new v1.RecentsApi(former)),
  };
}

// --- internal ---

const ACCEPT = { accept: 'application/json' };

interface AxiosRequest {
  method?: string;
  url: string;
}
