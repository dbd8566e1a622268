import { describe, expect, test } from 'vitest';

import type { CrmForm } from '../../../fixtures/world/types.ts';
import { emulate, land, landAll, live, nothingLanded, open, partitionsOf } from './reading.ts';
import { type TinyCrm, tinyCrm } from './tiny-crm.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();
const DEMO = { form_id: 'demo' };

type Submission = CrmForm['submissions'][number];

function submission(id: string, minutes: number, values: Record<string, string> = {}): Submission {
  return { id, at: at(minutes), pageUrl: 'https://example.com/demo?utm_source=news', values };
}

function formsOf(crm: TinyCrm, id: string, submissions: Submission[], more: Partial<CrmForm> = {}): void {
  crm.forms.push({
    id,
    name: `Form ${id}`,
    type: 'hubspot',
    createdAt: START,
    isArchived: false,
    submissions,
    ...more,
  });
}

describe('forms', () => {
  test('are all read, archived and captured ones too, and comments on posts are not', async () => {
    const crm = tinyCrm();
    for (let index = 0; index < 5; index += 1) formsOf(crm, `f${index}`, []);
    formsOf(crm, 'old', [], { isArchived: true });
    formsOf(crm, 'captured', [], { type: 'captured' });
    formsOf(crm, 'comments', [], { type: 'blog_comment' });
    const connection = await open(await emulate(crm, START, { largestPage: 2 }), START);
    const landed = await landAll(connection, 'forms');
    expect([...landed.rows.keys()]).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'captured', 'old']);
    expect(landed.rows.get('old')).toMatchObject({ name: 'Form old', form_type: 'hubspot', is_archived: true });
    expect(await partitionsOf(connection, 'form_submissions')).toHaveLength(7);
  });

  test('and what they were filled in with are left alone with `forms: false`', async () => {
    const crm = tinyCrm();
    formsOf(crm, 'demo', [submission('a', 1)]);
    const emulator = await emulate(crm, START, { scopes: ['oauth'] });
    const connection = await open(emulator, START, { forms: false });
    expect(await partitionsOf(connection, 'forms')).toEqual([]);
    expect(await partitionsOf(connection, 'form_submissions')).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });

  test('without the scope are left out, with one note that says what to grant', async () => {
    const notes: string[] = [];
    const crm = tinyCrm();
    formsOf(crm, 'demo', [submission('a', 1)]);
    const emulator = await emulate(crm, START, { scopes: ['oauth'] });
    const connection = await open(emulator, START, {}, (message) => notes.push(message));
    for (const stream of ['forms', 'form_submissions', 'forms', 'owners'])
      expect(await partitionsOf(connection, stream)).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(/^forms left out: .* Missing: forms\. Grant one of forms to .*: `forms: false`\.$/),
      expect.stringMatching(
        /^owners left out: .* Missing: crm\.objects\.owners\.read\. Grant one of .*: `owners: false`\.$/,
      ),
    ]);
    expect(emulator.requests).toHaveLength(2);
  });

  test('are not left out because the platform fails', async () => {
    const emulator = await emulate(tinyCrm(), START);
    const notes: string[] = [];
    const connection = await open(emulator, START, {}, (message) => notes.push(message));
    emulator.inject({ match: '/marketing/forms', status: 403, body: '{"message":"blocked"}', times: 1 });
    await expect(partitionsOf(connection, 'forms')).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    expect(await partitionsOf(connection, 'forms')).toHaveLength(1);
    expect(notes).toEqual([]);
  });
});

describe('what people filled in', () => {
  test('has who it was and where they came from as columns, and every field', async () => {
    const crm = tinyCrm();
    formsOf(crm, 'demo', [
      submission('a', 1, { Email: 'Ada@example.com', phone: '', gclid: 'CaSe', utm_medium: 'cpc', message: 'Hé ✓' }),
    ]);
    const landed = await landAll(await open(await emulate(crm, at(5)), at(5)), 'form_submissions', DEMO);
    expect(landed.rows.get('demo|a')).toEqual({
      form_id: 'demo',
      submission_id: 'a',
      form_name: 'Form demo',
      submitted_at: Date.parse(at(1)),
      page_url: 'https://example.com/demo?utm_source=news',
      email: 'Ada@example.com',
      phone: null,
      utm_source: null,
      utm_medium: 'cpc',
      utm_campaign: null,
      utm_content: null,
      utm_term: null,
      gclid: 'CaSe',
      fbclid: null,
      msclkid: null,
      li_fat_id: null,
      fields: [
        { name: 'Email', value: 'Ada@example.com', objectTypeId: '0-1' },
        { name: 'phone', value: '', objectTypeId: '0-1' },
        { name: 'gclid', value: 'CaSe', objectTypeId: '0-1' },
        { name: 'utm_medium', value: 'cpc', objectTypeId: '0-1' },
        { name: 'message', value: 'Hé ✓', objectTypeId: '0-1' },
      ],
    });
  });

  test('is read page by page to the end, of two in one millisecond none is lost, and old ones get an id of their own', async () => {
    const crm = tinyCrm();
    const many = Array.from({ length: 113 }, (_, index) => submission(`s${index}`, Math.floor(index / 2)));
    formsOf(crm, 'demo', [...many, submission('old-1', 1, { email: 'a@b.example' }), submission('old-2', 1)]);
    const emulator = await emulate(crm, at(600));
    const landed = await landAll(await open(emulator, at(600)), 'form_submissions', DEMO);
    expect(landed.rows.size).toBe(115);
    expect([...landed.rows.keys()].filter((key) => /\|[0-9a-f]{32}$/.test(key))).toHaveLength(2);
    expect(emulator.requests.filter(({ url }) => url.pathname.includes('/submissions/'))).toHaveLength(3);
  });

  test('since the last run is found by a request, also what showed up late, whatever this machine’s clock says', async () => {
    const crm = tinyCrm();
    const filled = Array.from({ length: 200 }, (_, index) => submission(`s${index}`, index));
    formsOf(crm, 'demo', filled);
    const emulator = await emulate(crm, at(200));
    const landed = nothingLanded();
    const ahead = at(2_000);
    await land(await open(emulator, ahead), 'form_submissions', landed, { key: DEMO });
    filled.push(submission('late', 195), submission('new', 203));
    emulator.setNow(at(210));
    emulator.requests.length = 0;
    await land(await open(emulator, ahead), 'form_submissions', landed, { key: DEMO });
    expect(landed.rows.size).toBe(202);
    expect(emulator.requests.filter(({ url }) => url.pathname.includes('/submissions/'))).toHaveLength(1);
  });

  test('into a form that nobody filled in before is found, and what was deleted is gone after a full read', async () => {
    const crm = tinyCrm();
    const filled: Submission[] = [];
    formsOf(crm, 'demo', filled);
    const emulator = await emulate(crm, at(10));
    const landed = nothingLanded();
    await land(await open(emulator, at(10)), 'form_submissions', landed, { key: DEMO });
    expect([landed.rows.size, landed.cursor]).toEqual([0, { newest: null }]);
    filled.push(submission('a', 1), submission('b', 12));
    emulator.setNow(at(20));
    await land(await open(emulator, at(20)), 'form_submissions', landed, { key: DEMO });
    expect(live(landed).map((row) => row['submission_id'])).toEqual(['b', 'a']);
    filled.shift();
    await land(await open(emulator, at(20)), 'form_submissions', landed, { key: DEMO, full: true });
    expect(live(landed).map((row) => row['submission_id'])).toEqual(['b']);
  });
});
