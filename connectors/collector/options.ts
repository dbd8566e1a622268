/**
 * What the config says about collecting.
 */
import { secretOption, type Webhook } from 'revops/connector';
import { z } from 'zod';

const name = /^[a-z][a-z0-9_-]{0,49}$/;
const NAMES = 'expected a short name of a-z, 0-9, _ and -';
const MEGABYTE = 1024 * 1024;

const cookie = z.strictObject({
  /** Name of the cookie. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .default('revops_id'),
  /** `.example.com`, so that it holds for all hosts of the site. Default: the collector's own host. */
  domain: z
    .string()
    .regex(/^\.?[a-z0-9.-]+$/)
    .optional(),
  days: z.int().min(1).max(400).default(390),
  sameSite: z.enum(['Lax', 'Strict', 'None']).default('Lax'),
  /** Whether a browser gets it only once its person has agreed to be measured. */
  needsConsent: z.boolean().default(true),
});

export const collectorOptions = z.strictObject({
  /** Who may send: the name becomes the events' source. */
  writeKeys: z
    .record(z.string().regex(name, NAMES), secretOption())
    .refine((keys) => Object.keys(keys).length > 0, 'name at least one sender'),
  webhooks: z.record(z.string().regex(name, NAMES), z.custom<Webhook>(isWebhook, 'expected a webhook')).default({}),
  /** Pages that may send from the browser: `https://www.example.com`, `https://*.example.com`. */
  origins: z
    .array(z.string().regex(/^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?$/, "expected an origin: 'https://www.example.com'"))
    .default([]),
  cookie: z.union([z.literal(false), cookie]).default(() => cookie.parse({})),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8787),
  /** Whose word counts for the sender's address (X-Forwarded-For): so many proxies in front, or those of these addresses. */
  trustProxy: z
    .union([z.literal(false), z.int().min(1).max(10), z.array(proxyAddress()).min(1)], { error: proxiesExpected })
    .default(false),
  requestsPerMinute: z.int().min(1).default(6000),
  bodyBytes: z
    .int()
    .min(1024)
    .max(16 * MEGABYTE)
    .default(512 * 1024),
  /** Relative to the config. */
  folder: z.string().min(1).default('.revops/collector'),
  segmentBytes: z
    .int()
    .min(1024)
    .default(16 * MEGABYTE),
  segmentSeconds: z.int().min(1).default(300),
  spoolBytes: z
    .int()
    .min(1024)
    .default(4096 * MEGABYTE),
  pendingBytes: z
    .int()
    .min(1024)
    .default(32 * MEGABYTE),
});

export type CollectorOptions = z.output<typeof collectorOptions>;
export type CookieOptions = z.output<typeof cookie>;

// --- internal ---

/** An address, a subnet, or one of the names that stand for some. A subnet of everything would trust every sender. */
function proxyAddress() {
  const all = /\/0+$/;
  return z.union([
    z.enum(['loopback', 'linklocal', 'uniquelocal']),
    z.ipv4(),
    z.ipv6(),
    z.cidrv4().refine((subnet) => !all.test(subnet)),
    z.cidrv6().refine((subnet) => !all.test(subnet)),
  ]);
}

function proxiesExpected({ input }: { input: unknown }): string {
  const expected = "a number of proxies in front (1), or their addresses or subnets (['10.0.0.0/8'])";
  if (input === true) return `true believes what a sender writes about itself: write ${expected}`;
  return `expected false, ${expected}`;
}

function isWebhook(value: unknown): boolean {
  return typeof (value as Partial<Webhook> | null)?.receive === 'function';
}
