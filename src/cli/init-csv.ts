/**
 * Example files of a project that reads CSV: three whole months of a small company, to be replaced by one's own.
 */

/** Texts by path. `today` as `YYYY-MM-DD`: the months are the last three that are over. */
export function exampleFiles(today: string): Record<string, string> {
  const months = [3, 2, 1].map((back) => monthBefore(today, back));
  return {
    'data/spend.csv': spend(months),
    'data/deals.csv': deals(months),
    'data/contacts.csv': contacts(months),
    'data/stages.csv': STAGES,
  };
}

/** First day of the first month that the files hold. */
export function firstExampleDay(today: string): string {
  return `${monthBefore(today, 3)}-01`;
}

// --- internal ---

const STAGES = `stage_id,stage_label,is_closed,is_won
open,Open,false,false
won,Won,true,true
lost,Lost,true,false
`;

const CAMPAIGNS = [
  {
    platform: 'google_ads',
    id: 'search-brand',
    type: 'search',
    perDay: [40, 46, 55],
    source: 'PAID_SEARCH',
    won: [5, 6, 9],
  },
  {
    platform: 'linkedin_ads',
    id: 'decision-makers',
    type: 'social',
    perDay: [30, 30, 42],
    source: 'PAID_SOCIAL',
    won: [2, 2, 2],
  },
] as const;
const UNPAID = { source: 'ORGANIC_SEARCH', won: [3, 4, 3] } as const;

function monthBefore(today: string, back: number): string {
  const first = new Date(`${today.slice(0, 7)}-01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() - back);
  return first.toISOString().slice(0, 7);
}

function daysOf(month: string): string[] {
  const length = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
  return Array.from({ length }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}

function spend(months: readonly string[]): string {
  const rows = months.flatMap((month, index) =>
    daysOf(month).flatMap((day) =>
      CAMPAIGNS.map(({ platform, id, type, perDay }) => {
        const amount = perDay[index] ?? 0;
        return `${day},${platform},${id},${type},EUR,${amount}.00,${amount * 50},${amount}`;
      }),
    ),
  );
  return lines('spend_date,platform,campaign_id,campaign_type,currency,spend,impressions,clicks', rows);
}

interface Customer {
  id: string;
  source: string;
  month: string;
  day: string;
}

/** Every customer's deal is created on the third of its month, and won some days later. */
function customers(months: readonly string[]): Customer[] {
  return [...CAMPAIGNS, UNPAID].flatMap(({ source, won }) =>
    months.flatMap((month, index) =>
      Array.from({ length: won[index] ?? 0 }, (_, at) => ({
        id: `${source.toLowerCase().replace('_', '-')}-${month}-${at + 1}`,
        source,
        month,
        day: String(12 + at).padStart(2, '0'),
      })),
    ),
  );
}

function deals(months: readonly string[]): string {
  const won = customers(months).map(
    ({ id, month, day }) => `deal-${id},${id},won,1200.00,EUR,${month}-03 09:00,${month}-${day} 16:30`,
  );
  const last = months.at(-1) ?? '';
  return lines('deal_id,company_id,stage_id,amount,currency,created_at,close_date_at', [
    ...won,
    `deal-lost-1,lost-1,lost,900.00,EUR,${last}-05 10:00,${last}-20 12:00`,
    `deal-open-1,open-1,open,1500.00,EUR,${last}-21 10:00,`,
  ]);
}

function contacts(months: readonly string[]): string {
  const rows = customers(months).map(
    ({ id, source, month }) => `contact-${id},${id},${id}@example.com,${source},${month}-02 08:00`,
  );
  return lines('contact_id,company_id,email,original_source,created_at', rows);
}

function lines(header: string, rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}
