-- So many leads as the setting bench.leads says, with about five times as many lines of history and
-- all else that screens show of them. They came in over 900 days, more of them lately; of those of
-- the last weeks most are with a consultant, of the others most have ended. Rows stand in the order
-- of time, as if they had been written then: what belongs to one lead lies far apart.
SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '512MB';

-- 600 dealers beside those that are there, each with seven consultants and a manager.
INSERT INTO dealers (id, code, name, region, city, models, certificates, daily_capacity, performance, active)
SELECT gen_random_uuid(), 'S' || lpad(n::text, 4, '0'), '第' || n || '店', alike.region, alike.city, alike.models, '{}',
       50, 60, true
FROM generate_series(1, 600) n
JOIN (SELECT *, row_number() OVER (ORDER BY code) AS r FROM dealers) alike
  ON alike.r = 1 + n % (SELECT count(*) FROM dealers);
INSERT INTO staff (id, code, name, role, dealer_id, ability, max_open, language, active)
SELECT gen_random_uuid(), d.code || '-' || CASE s WHEN 0 THEN 'M1' ELSE 'C' || s END, '员工' || s,
       CASE s WHEN 0 THEN 'dealer_manager' ELSE 'consultant' END, d.id, 60, 1000000, 'zh', true
FROM dealers d CROSS JOIN generate_series(0, 7) s WHERE d.name LIKE '第%店';

SET LOCAL session_replication_role = replica;  -- pieces of names come below, all at once

-- As many independent throws of the dice as a lead needs.
CREATE UNLOGGED TABLE bench_dice AS
SELECT n::bigint AS n, now() - interval '1 minute' - power(random(), 1.3) * interval '900 days' AS at,
       random() AS a, random() AS b, random() AS c, random() AS d, random() AS e
FROM generate_series(1, current_setting('bench.leads')::int) n;
ANALYZE bench_dice;

CREATE UNLOGGED TABLE bench_leads AS
WITH seats AS MATERIALIZED (
    SELECT s.id AS staff_id, s.dealer_id, d.region,
           (row_number() OVER (ORDER BY md5(d.code), s.code) - 1)::int AS seat
    FROM staff s JOIN dealers d ON d.id = s.dealer_id WHERE s.role = 'consultant'
), channels AS MATERIALIZED (
    SELECT code, (row_number() OVER (ORDER BY md5(code)) - 1)::int AS pick FROM channels WHERE code LIKE '%.%.%'
), models AS MATERIALIZED (
    SELECT code, (row_number() OVER (ORDER BY md5(code)) - 1)::int AS pick FROM car_models
), thrown AS (
    SELECT *, CASE
        WHEN at > now() - interval '3 days' AND a < 0.15 THEN 'qualifying'
        WHEN at > now() - interval '45 days' AND a < 0.60 THEN 'working'
        WHEN at > now() - interval '45 days' AND a < 0.62 THEN 'pool'
        WHEN at > now() - interval '45 days' AND a < 0.65 THEN 'confirming'
        WHEN a < 0.06 THEN 'nurture'
        WHEN b < 0.14 THEN 'won' WHEN b < 0.54 THEN 'lost' WHEN b < 0.67 THEN 'invalid'
        WHEN b < 0.98 THEN 'archived' ELSE 'attached' END AS status
    FROM bench_dice
)
SELECT n, at, status, c, d, e, uuidv7(at - now()) AS id, uuidv7(at - now()) AS customer_id,
       uuidv7(at - now()) AS clock_id, gen_random_uuid() AS task_id, gen_random_uuid() AS done_id,
       status IN ('qualifying', 'working', 'pool', 'confirming', 'nurture') AS open,
       CASE WHEN status IN ('qualifying', 'pool') OR (status IN ('invalid', 'nurture') AND c < 0.5) THEN NULL
            ELSE seats.dealer_id END AS dealer_id,
       CASE WHEN status IN ('qualifying', 'pool') OR (status IN ('invalid', 'nurture') AND c < 0.7) THEN NULL
            ELSE seats.staff_id END AS owner_id,
       seats.region, channels.code AS channel, models.code AS model,
       (ARRAY['H', 'A', 'A', 'B', 'B', 'B', 'C', 'C', 'C', 'N'])[1 + floor(d * 10)::int] AS level,
       CASE WHEN status IN ('won', 'lost', 'invalid') THEN status
            WHEN status = 'working' THEN (ARRAY['first_follow_up_due', 'next_follow_up_due', 'next_follow_up_due',
                                                'invited', 'visited', 'test_drive'])[1 + floor(e * 6)::int] END AS stage,
       CASE WHEN status <> 'working' OR c < 0.7 THEN 'green' WHEN c < 0.85 THEN 'amber' ELSE 'red' END AS lamp,
       CASE WHEN status = 'nurture' THEN now() + e * interval '60 days'
            WHEN status IN ('qualifying', 'working', 'confirming') THEN now() + (e - 0.2) * interval '6 days'
            END AS due_at,
       CASE WHEN status NOT IN ('qualifying', 'working', 'pool', 'confirming', 'nurture')
            THEN least(at + e * interval '40 days', now()) END AS ended_at,
       CASE WHEN c < 0.4 THEN 'campaign ' || floor(power(d, 2) * 3000) END AS campaign,
       CASE WHEN d < 0.5 THEN 'X-' || n END AS external_id
FROM thrown
JOIN seats ON seats.seat = floor(power(c, 1.6) * (SELECT count(*) FROM seats))::int
JOIN channels ON channels.pick = floor(power(d, 2) * (SELECT count(*) FROM channels))::int
JOIN models ON models.pick = floor((d * 1000 - floor(d * 1000)) * (SELECT count(*) FROM models))::int
ORDER BY at;
DROP TABLE bench_dice;
ANALYZE bench_leads;

INSERT INTO customers (id, name, phone, wechat, city, do_not_call, created_at)
SELECT customer_id,
       substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹', 1 + floor(power(c, 3) * 30)::int, 1)
       || substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉', 1 + (n * 7 % 25)::int, 1)
       || CASE WHEN d < 0.7 THEN substr('建国志文小红春梅海燕雪峰鹏辉鑫波斌宇浩凯', 1 + (n * 11 % 20)::int, 1) ELSE '' END,
       '+861' || (3000000000 + n * 3307), CASE WHEN e < 0.4 THEN 'wx' || to_hex(n * 104729) END, '北京', e > 0.99, at
FROM bench_leads ORDER BY n;

INSERT INTO customer_keys
SELECT c.id, named.keys FROM customers c
JOIN (SELECT name, name_keys(name) AS keys FROM (SELECT DISTINCT name FROM customers) each) named USING (name)
ORDER BY c.id ON CONFLICT DO NOTHING;

INSERT INTO cases (id, kind, customer_id, dealer_id, region, owner_id, status, stage, level, lamp, next_due_at,
                   opened_at, ended_at, life, updated_at, process_key, process_version, process_sha256, place,
                   settled_at, message_seq)
SELECT id, 'lead', customer_id, dealer_id, region, owner_id, status, stage, level, lamp, due_at, at, ended_at, 1,
       coalesce(ended_at, greatest(at, now() - c * interval '10 days')), 'lead', 1, '',
       CASE WHEN open THEN jsonb_build_array(jsonb_build_object(
           'process', 'chase', 'element', 'work', 'name', '有人办理', 'waits_for', 'task', 'due', due_at)) ELSE '[]' END,
       coalesce(ended_at, at), 1
FROM bench_leads;

INSERT INTO leads (id, channel, stated_at, model, budget_min, budget_max, horizon_days, city, trade_in, test_drive_wish,
                   raw, grade_reason, graded_at, badges, assigned_at, closing, campaign, external_id)
SELECT id, channel, at, model, 250000, 300000, 14, '北京', false, false, '{"city": "北京", "model": "BRZ"}',
       'within_15_days', at,
       CASE WHEN d < 0.05 THEN '{duplicate}'::text[] WHEN d < 0.08 THEN '{claimed}'
            WHEN d < 0.10 THEN '{reactivated}' ELSE '{}' END,
       CASE WHEN owner_id IS NOT NULL THEN least(at + d * interval '2 hours', now()) END,
       CASE status WHEN 'invalid' THEN '{"outcome": "invalid", "reason": "wrong_number"}'::jsonb
                   WHEN 'lost' THEN jsonb_build_object('outcome', 'lost', 'reason', (ARRAY[
                       'bought_rival', 'price', 'price', 'gave_up', 'unreachable'])[1 + floor(d * 5)::int])
                   ELSE '{}' END, campaign, external_id
FROM bench_leads;

-- One in ten came twice; some of these cannot be read.
INSERT INTO submissions (id, lead_id, channel, received_at, verdict, reasons, stated_at, fingerprint, campaign,
                         external_id, raw)
SELECT uuidv7(at - now()), CASE WHEN verdict <> 'rejected' THEN id END, channel, at, verdict,
       CASE WHEN verdict = 'rejected' THEN '[{"field": "phone", "code": "unreadable"}]'::jsonb ELSE '[]' END,
       at, md5(n::text), campaign, CASE WHEN verdict = 'created' THEN external_id END,
       '{"city": "北京", "name": "华桂珍", "model": "BRZ", "budget": "25-30万", "purchase_time": "两周内"}'
FROM (SELECT id, n, channel, campaign, external_id, least(at + s * interval '3 days', now()) AS at,
             CASE WHEN s = 0 THEN 'created' WHEN d < 0.9 THEN 'duplicate' ELSE 'rejected' END AS verdict
      FROM bench_leads CROSS JOIN LATERAL generate_series(0, CASE WHEN e < 0.1 THEN 1 ELSE 0 END) s) came
ORDER BY at;

INSERT INTO sla_clocks (id, case_id, kind, grade, staff_id, started_at, due_at, rung, next_rung_at, stopped_at, lamp)
SELECT clock_id, id, CASE status WHEN 'nurture' THEN 'intent_check' ELSE 'first_follow_up' END, level, owner_id, at,
       coalesce(due_at, at + interval '1 day'), 0, due_at, CASE WHEN NOT open THEN at + c * interval '1 day' END, lamp
FROM bench_leads WHERE status NOT IN ('pool', 'attached');

-- What is to be done, and what was done before.
INSERT INTO tasks (id, case_id, case_kind, kind, element, role, dealer_id, owner_id, status, opened_at, due_at, closed_at,
                   outcome, late, updated_at, clock_id)
SELECT task_id, id, 'lead', CASE status WHEN 'nurture' THEN 'intent_check' WHEN 'qualifying' THEN 'outbound_call'
                                WHEN 'confirming' THEN 'confirm_closing' ELSE
                                CASE stage WHEN 'first_follow_up_due' THEN stage ELSE 'next_follow_up' END END,
       'work', CASE status WHEN 'nurture' THEN 'call_centre' WHEN 'qualifying' THEN 'call_centre'
                           WHEN 'confirming' THEN 'dealer_manager' ELSE 'consultant' END,
       dealer_id, CASE WHEN status = 'working' THEN owner_id END, 'open', at, due_at, NULL, NULL, false, at, clock_id
FROM bench_leads WHERE due_at IS NOT NULL
UNION ALL
SELECT done_id, id, 'lead', 'first_follow_up', 'work', 'consultant', dealer_id, owner_id,
       CASE WHEN d < 0.9 THEN 'done' ELSE 'reassigned' END, at, at + interval '1 day',
       least(at + e * interval '26 hours', now()), CASE WHEN d < 0.9 THEN 'continue' END, e > 0.92,
       least(at + e * interval '26 hours', now()), NULL
FROM bench_leads WHERE owner_id IS NOT NULL
ORDER BY 10;
UPDATE tasks SET kind = 'first_follow_up' WHERE kind = 'first_follow_up_due';

INSERT INTO follow_ups (id, lead_id, task_id, by_id, at, channel, outcome, stage, grade, late)
SELECT uuidv7(at - now()), id, done_id, owner_id, least(at + e * interval '26 hours', now()), 'phone', 'continue',
       stage, level, e > 0.92
FROM bench_leads WHERE owner_id IS NOT NULL;

INSERT INTO assignments (id, lead_id, at, kind, dealer_id, staff_id, by, reason)
SELECT uuidv7(at - now()), id, at, kind, dealer_id, CASE kind WHEN 'assign' THEN owner_id END, 'process', ''
FROM bench_leads CROSS JOIN (VALUES ('dispatch'), ('assign')) step (kind) WHERE dealer_id IS NOT NULL;

INSERT INTO bundles (id, called, runs)
SELECT md5(concat(called, runs))::uuid, called, runs
FROM (VALUES ('[]'::jsonb, '{lead,lead:1,chase,chase:1,nurture,nurture:1,sale,sale:1}'::text[])) bundle (called, runs)
ON CONFLICT DO NOTHING;
INSERT INTO instances (case_id, life, process_key, process_version, process_sha256, bundle, started_at, settled_at,
                       ended_at, outcome, applied, snapshot, place)
SELECT l.id, 1, 'lead', 1, c.process_sha256, (SELECT id FROM bundles WHERE runs @> '{nurture}' LIMIT 1), l.at, c.settled_at,
       l.ended_at, CASE WHEN NOT l.open THEN l.status END, 1, '{"i": {}, "n": 1, "t": [], "v": 2, "x": []}', c.place
FROM bench_leads l JOIN cases c USING (id);

INSERT INTO ways (id, steps)
SELECT md5(steps::text)::uuid, steps FROM (SELECT '[[0, "lead", 1, "new_lead", ""], [1, "lead", 1, "clean", "to_clean"],
    [2, "lead", 1, "grade", "to_grade"], [3, "lead", 1, "dispatch", "to_dispatch"]]'::jsonb AS steps) way
ON CONFLICT DO NOTHING;
INSERT INTO passages (case_id, life, first, last, at, way)
SELECT id, 1, 2, 5, at, (SELECT id FROM ways WHERE steps @> '[[0, "lead", 1, "new_lead", ""]]' LIMIT 1) FROM bench_leads;
INSERT INTO stays (case_id, life, execution, process, version, element, entered_at, left_at, how, via, due_at)
SELECT id, 1, execution, process, 1, element, at, ended_at, CASE WHEN NOT open THEN 'left' END, '',
       CASE process WHEN 'chase' THEN due_at END
FROM bench_leads CROSS JOIN (VALUES ('6', 'lead', 'at_dealer'), ('7', 'chase', 'work')) at (execution, process, element);

WITH said AS (
    INSERT INTO decision_contents (id, element, key, version, inputs, matched, result)
    SELECT decision_content(element, key, version, inputs, matched, result), element, key, version, inputs, matched,
           result
    FROM (VALUES ('grade', 'grade', 1,
                  '{"model_known": true, "budget_clear": true, "horizon_days": 14, "stated_grade": ""}'::jsonb,
                  '["grade-a-15"]'::jsonb, '{"grade": "A", "reason": "within_15_days"}'::jsonb))
        AS one (element, key, version, inputs, matched, result)
    ON CONFLICT (id) DO UPDATE SET key = excluded.key -- a lead may have said so before
    RETURNING id
)
INSERT INTO decided (id, case_id, content, at, key)
SELECT uuidv7(at - now()), bench_leads.id, said.id, at, 'grade' FROM bench_leads, said;

INSERT INTO outbox (case_id, seq, kind, at, data, created_at, next_attempt_at, attempts, delivered_at)
SELECT id, 1, 'lead_created', at, '{}', at, at, 1, at FROM bench_leads;

INSERT INTO notifications (id, case_id, to_staff_id, to_role, code, data, created_at, spread_at)
SELECT task_id, id, CASE WHEN e < 0.9 THEN owner_id END,
       CASE WHEN e < 0.9 THEN NULL WHEN e < 0.97 THEN 'dealer_manager' ELSE 'hq' END, 'task_reminder',
       '{"kind": "first_follow_up"}', at, at
FROM bench_leads WHERE owner_id IS NOT NULL;
INSERT INTO deliveries (notification_id, channel, staff_id, due_at, attempts, delivered_at, given_up_at)
SELECT task_id, way.channel, CASE way.channel WHEN 'mail' THEN owner_id END, at, 1, CASE WHEN c < 0.999 THEN at END,
       CASE WHEN c >= 0.999 THEN at END
FROM bench_leads JOIN (VALUES ('log', 1.0), ('mail', 0.3)) way (channel, share) ON e < share
WHERE owner_id IS NOT NULL;

INSERT INTO contracts (id, lead_id, number, model, price, payment, deposit, signed_at, by_id)
SELECT uuidv7(at - now()), id, 'C-' || n, model, 200000, 'full', 0, ended_at, owner_id
FROM bench_leads WHERE status = 'won';

INSERT INTO incidents (id, case_id, key, element, kind, message, at, resolved_at, resolved_by)
SELECT uuidv7(at - now()), id, id || ':1:7', 'work', 'activity_failed', 'no connection', at,
       CASE WHEN NOT open THEN at + interval '1 hour' END, CASE WHEN NOT open THEN 'process' END
FROM bench_leads WHERE c BETWEEN 0.5 AND 0.505;

INSERT INTO timeline (id, case_id, at, actor, code, element, data)
SELECT uuidv7(line.at - now()), line.id, line.at, CASE kind.code WHEN 'lead_created' THEN 'channel:api' ELSE 'process' END,
       kind.code, kind.element,
       CASE kind.code WHEN 'dispatched' THEN jsonb_build_object('dealer', line.dealer_id)
                      WHEN 'assigned' THEN jsonb_build_object('staff', line.owner_id)
                      WHEN 'lead_created' THEN jsonb_build_object('channel', line.channel) ELSE kind.data END
FROM (SELECT id, dealer_id, owner_id, channel, s, at + s * s * c * interval '5 hours' AS at
      FROM bench_leads CROSS JOIN LATERAL generate_series(0, 2 + floor(d * 5)::int) s
      ORDER BY 6) line
JOIN (VALUES (0, 'lead_created', NULL, '{}'::jsonb), (1, 'cleaned', 'clean', '{"reason": "clean", "needs_call": false}'),
             (2, 'graded', 'grade', '{"lane": "dispatch", "grade": "A", "former": null, "reason": "within_15_days"}'),
             (3, 'dispatched', 'dispatch', '{}'), (4, 'assigned', 'assign', '{}'),
             (5, 'task_planned', 'plan_task', '{"kind": "first_follow_up", "due": "2026-11-30T18:30:58.685843+00:00"}'),
             (6, 'task_planned', 'plan_task', '{"kind": "next_follow_up", "due": "2026-11-30T18:30:58.685843+00:00"}')
     ) kind (s, code, element, data) USING (s);

-- One lead in a hundred has a ticket; some report wrongdoing, which few may know of.
INSERT INTO cases (id, kind, number, customer_id, about_id, dealer_id, region, owner_id, status, level, lamp, next_due_at,
                   opened_at, ended_at, life, facts, updated_at, process_key, process_version, process_sha256, message_seq)
SELECT uuidv7(at - now()), 'ticket', 'T-B-' || n, customer_id, CASE WHEN c < 0.5 THEN id END, dealer_id, region, owner_id,
       CASE WHEN d < 0.9 THEN 'closed' ELSE 'working' END, CASE WHEN c < 0.3 THEN 'red' ELSE 'amber' END, 'green',
       CASE WHEN d >= 0.9 THEN now() + e * interval '3 days' END, at, CASE WHEN d < 0.9 THEN at + interval '3 days' END, 1,
       jsonb_build_object('moot', false, 'round', 1, 'signals', 1,
                          'ticket', CASE WHEN e < 0.02 THEN 'report' WHEN e < 0.6 THEN 'complaint' ELSE 'problem' END),
       at, 'ticket', 1, '', 1
FROM bench_leads WHERE n % 100 = 3;

DROP TABLE bench_leads;
