// The workflows of compose/n8n in a real n8n against a real Courtier: what they do is read from
// Courtier's database, from the files, and from what n8n noted of each execution.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import * as ground from "./ground.mjs";
import { api, courtier, ended, executions, items, n8n, newestExecution, rows, stack, until } from "./ground.mjs";

const ENDED = ["succeeded", "dead", "cancelled"];
let tenants;
let stop;

before(async () => {
    tenants = (await api("GET", "/internal/tenants")).body;
    assert.equal(tenants.length, 2);
    stop = await ground.startN8n();
});

after(async () => {
    await stop?.();
    await ground.close();
});

/** Executes a workflow as `Run by Hand` does; resolves to its execution. */
async function execute(id, { succeeds = true } = {}) {
    const since = await newestExecution();
    const { code, stdout, stderr } = await n8n("execute", `--id=${id}`, "--rawOutput");
    assert.equal(code === 0, succeeds, `${id}: ${stderr}\n${stdout.slice(-2000)}`);
    return (await executions(id, since))[0];
}

/** The path of a tenant's mock file. */
async function fileOf(tenant, name) {
    const data = process.env.MOCK_DATA_PATH;
    const listed = JSON.parse(await readFile(path.join(data, "tenants.json"), "utf8"));
    return path.join(data, listed.find(({ id }) => id === tenant.id).folder, name);
}

/** The distinct records of a tenant's mock file, by their key. */
async function records(tenant, file, key) {
    const lines = (await readFile(await fileOf(tenant, file), "utf8")).split("\n").filter(Boolean);
    return new Set(lines.map((line) => JSON.parse(line)[key])).size;
}

const yesterday = (timezone) => {
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(new Date());
    return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
};

test("WF-01 takes in the tickets and time entries of every tenant", async () => {
    const since = await newestExecution();
    const execution = await execute("WF01Orchestrator");
    assert.equal(execution.status, "success");
    assert.equal(items(execution, "Get Tenants").length, 2);
    for (const [workflow, name] of [
        ["WF01AIngestTick1", "ingest.tickets"],
        ["WF01BIngestTime1", "ingest.time_entries"],
    ]) {
        const called = await executions(workflow, since);
        assert.deepEqual(called.map((one) => one.status), ["success", "success"], workflow);
        const answers = called.flatMap((one) => items(one, "Call Ingest API")).map(({ body }) => body);
        assert.deepEqual(answers.map((answer) => [answer.name, answer.status]), Array(2).fill([name, "succeeded"]));
        assert.deepEqual(new Set(answers.map((answer) => answer.tenant_id)), new Set(tenants.map(({ id }) => id)));
    }
    for (const tenant of tenants) {
        const [counted] = await rows(
            `select (select count(*)::int from raw_tickets where tenant_id = $1) as tickets,
                    (select count(*)::int from raw_time_entries where tenant_id = $1) as entries`,
            [tenant.id],
        );
        assert.equal(counted.tickets, await records(tenant, "tickets.jsonl", "cw_ticket_id"));
        assert.equal(counted.entries, await records(tenant, "time_entries.jsonl", "cw_time_entry_id"));
        assert.ok(counted.tickets > 0 && counted.entries > 0);
    }
});

test("WF-01 goes on after a tenant that fails, and names it at the end", async () => {
    const [broken, sound] = tenants;
    const tickets = await fileOf(broken, "tickets.jsonl");
    await rename(tickets, `${tickets}.away`);
    const others = await fileOf(sound, "tickets.jsonl");
    const [line] = (await readFile(others, "utf8")).split("\n");
    await appendFile(others, `${JSON.stringify({ ...JSON.parse(line), cw_ticket_id: "a-new-one" })}\n`);
    const since = await newestCommand();
    try {
        const execution = await execute("WF01Orchestrator", { succeeds: false });
        assert.equal(execution.run.resultData.lastNodeExecuted, "Say What Failed");
        const { message } = execution.run.resultData.error;
        assert.match(message, new RegExp(`^${broken.name}: ingest.tickets of tenant ${broken.id} is dead`));
        assert.ok(!message.includes(sound.name), message);
    } finally {
        await rename(`${tickets}.away`, tickets);
    }
    const ended = (await ingests(since)).map(({ tenant_id, name, status }) => [tenant_id, name, status]);
    assert.deepEqual(ended, [
        [broken.id, "ingest.tickets", "dead"],
        [broken.id, "ingest.time_entries", "succeeded"],
        [sound.id, "ingest.tickets", "succeeded"],
        [sound.id, "ingest.time_entries", "succeeded"],
    ]);
    const [{ count }] = await rows("select count(*)::int from raw_tickets where tenant_id = $1", [sound.id]);
    assert.equal(count, await records(sound, "tickets.jsonl", "cw_ticket_id"));
});

test("WF-10 computes yesterday for every tenant", async () => {
    const execution = await execute("WF10DailyKpi0001");
    assert.equal(execution.status, "success");
    const summaries = items(execution, "Summary");
    assert.deepEqual(summaries.map(({ status }) => status), ["succeeded", "succeeded"]);
    assert.deepEqual(new Set(summaries.map(({ tenant }) => tenant)), new Set(tenants.map(({ name }) => name)));
    for (const tenant of tenants) {
        const day = yesterday(tenant.timezone);
        const [kpi] = await rows(
            `select k.total_minutes::int, (
                 select coalesce(sum(minutes), 0)::int from raw_time_entries
                 where tenant_id = $1 and date_worked = $2) as worked
             from kpi_daily k where tenant_id = $1 and kpi_date = $2`,
            [tenant.id, day],
        );
        assert.ok(kpi, `${tenant.name} has no KPIs of ${day}`);
        assert.equal(kpi.total_minutes, kpi.worked);
    }
});

test("WF-20 writes the files of every tenant, with their checksums", async () => {
    const execution = await execute("WF20ExportBi0001");
    assert.equal(execution.status, "success");
    assert.deepEqual(items(execution, "Summary").map(({ status }) => status), ["succeeded", "succeeded"]);
    for (const tenant of tenants) {
        const exported = process.env.EXPORTS_PATH;
        const listed = path.join(exported, ".manifests", tenant.id, "manifest.json");
        const manifest = JSON.parse(await readFile(listed, "utf8"));
        assert.ok(manifest.files.length > 0);
        for (const file of manifest.files) {
            const bytes = await readFile(path.join(exported, tenant.id, file.path));
            assert.equal(createHash("sha256").update(bytes).digest("hex"), file.sha256, file.path);
        }
    }
});

/** Waits for the deliveries of the callbacks that an execution ordered; resolves to their rows. */
async function deliveries(execution) {
    const ids = items(execution, "Order Recompute").map(({ body }) => body.id);
    return until("callbacks", async () => {
        const found = await rows(
            `select d.status, d.result, d.error from commands c join commands d on d.id = c.callback_id
             where c.id = any($1) order by d.id`,
            [ids],
        );
        return found.length === ids.length && found.every(({ status }) => ENDED.includes(status)) && found;
    });
}

test("WF-30 sleeps until Courtier calls back", async () => {
    const since = await newestExecution();
    await execute("WF30Recompute001");
    const execution = await ended("WF30Recompute001", since);
    assert.equal(execution.status, "success");
    assert.deepEqual(items(execution, "Summary").map(({ status }) => status), ["succeeded", "succeeded"]);
    // Not the end of its patience but the callback has woken it, with what happened.
    const woken = items(execution, "Wait for the Callback");
    assert.deepEqual(woken.map(({ body }) => body.type), ["command.succeeded", "command.succeeded"]);
    assert.match(woken[0].headers["webhook-signature"], /^v1,/);
    for (const tenant of tenants) {
        const [{ days }] = await rows("select count(*)::int as days from kpi_daily where tenant_id = $1", [tenant.id]);
        assert.equal(days, 31);
    }
    for (const delivery of await deliveries(execution)) assert.equal(delivery.status, "succeeded", delivery.error);
});

test("a callback that comes while n8n still runs is delivered once n8n is ready for it", async () => {
    // The shipped workflow, which goes to sleep two seconds after it has ordered.
    const slow = await ground.workflow("WF-30.json");
    slow.id = "WF30SlowToSleep1";
    slow.nodes.push({
        id: "4be6a1de-52ae-4d6e-8c67-cbd2d3b52a0c",
        name: "Dawdle",
        type: "n8n-nodes-base.wait",
        typeVersion: 1.1,
        position: [880, 300],
        parameters: { resume: "timeInterval", amount: 2, unit: "seconds" },
        webhookId: "c9b7b0ee-9d1e-4c8d-ae0f-6b0cf0a6a3f1",
    });
    slow.connections["Order Recompute"].main[0][0].node = "Dawdle";
    slow.connections.Dawdle = { main: [[{ node: "Wait for the Callback", type: "main", index: 0 }]] };
    const file = path.join(ground.WORK, "slow.json");
    await writeFile(file, JSON.stringify(slow));
    assert.equal((await n8n("import:workflow", `--input=${file}`)).code, 0);

    const since = await newestExecution();
    await execute(slow.id);
    const execution = await ended(slow.id, since);
    assert.equal(execution.status, "success");
    assert.deepEqual(items(execution, "Summary").map(({ status }) => status), ["succeeded", "succeeded"]);
    const told = await deliveries(execution);
    assert.deepEqual(told.map(({ status }) => status), ["succeeded", "succeeded"]);
    // n8n has answered 409 before: in this run of the delivery, or in one that was tried again.
    const [{ early }] = await rows(
        `select count(*)::int as early from commands d
         left join attempts a on a.command_id = d.id
         where d.name = 'callbacks.deliver' and (a.detail like '%409%' or d.result->'answers' @> '[409]')`,
    );
    assert.ok(early > 0, "the race did not take place");
});

/** Orders of WF-01 after `since`, and what the broker has not confirmed of them. */
async function ingests(since) {
    return rows(
        `select c.id, c.name, c.tenant_id, c.status, o.command_id is not null as unsent
         from commands c left join outbox o on o.command_id = c.id
         where c.name like 'ingest.%' and c.id > $1 order by c.id`,
        [since],
    );
}

async function newestCommand() {
    return (await rows("select id from commands order by id desc limit 1"))[0].id;
}

/** WF-01 has ended well, and so has everything that it ordered. */
async function assertIngested(execution, since) {
    assert.equal(execution.status, "success");
    const done = await ingests(since);
    assert.ok(done.length >= 4 && done.every(({ status }) => status === "succeeded"), JSON.stringify(done));
}

test("WF-01 sits out a broker that dies in the middle of its run", async () => {
    const since = await newestCommand();
    await courtier("lanes", "pause", "ingest", "--reason", "to have the broker die in between");
    const running = execute("WF01Orchestrator");
    await until("a message that waits in the broker", async () => {
        const [order] = await ingests(since);
        return order?.status === "queued" && !order.unsent;
    });
    await stack("kill-broker");
    await courtier("lanes", "resume", "ingest");
    await stack("start-broker");
    await assertIngested(await running, since);
});

test("WF-01 is accepted without a broker, and goes on when there is one", async () => {
    const since = await newestCommand();
    await stack("kill-broker");
    const running = execute("WF01Orchestrator");
    await until("an order that nobody can send", async () => (await ingests(since))[0]?.unsent);
    await stack("start-broker");
    await assertIngested(await running, since);
});

test("a failure is seen: the workflow fails, and WF-00 says what and where", async () => {
    await courtier("lanes", "pause", "kpi", "--reason", "to cancel what waits there");
    const since = await newestExecution();
    await execute("WF30Recompute001");
    for (const _ of tenants) {
        const { id } = await until("an order that waits", async () => {
            const query = "select id from commands where name = 'kpi.compute-range' and status = 'queued'";
            return (await rows(query))[0];
        });
        assert.equal((await api("POST", `/internal/commands/${id}/cancel`)).status, 200);
    }
    const execution = await ended("WF30Recompute001", since);
    await courtier("lanes", "resume", "kpi");
    assert.equal(execution.status, "error");
    assert.equal(execution.run.resultData.lastNodeExecuted, "Say What Failed");
    assert.match(execution.run.resultData.error.message, /cancelled/);
    const handled = await ended("WF00ErrorHandler", since);
    assert.equal(handled.status, "success");
    const [described] = items(handled, "Describe the Error");
    assert.equal(described.workflow, "WF-30 Recompute KPIs and Wait");
    assert.equal(described.node, "Say What Failed");
    assert.match(described.message, /cancelled/);
    assert.match(described.execution_url, new RegExp(`/executions/${execution.id}$`));
    assert.match(described.courtier, /ready|ok|degraded/);
});

test("a wrong token fails, and is not shown", async () => {
    const wrong = "a-token-that-nobody-gave";
    const credential = JSON.parse(await readFile(path.join(ground.ROOT, "compose/n8n/credentials.template.json"), "utf8"));
    const credentials = (token) => {
        credential[0].data.value = `Bearer ${token}`;
        return JSON.stringify(credential);
    };
    const file = path.join(ground.WORK, "credentials.json");
    await writeFile(file, credentials(wrong));
    assert.equal((await n8n("import:credentials", `--input=${file}`)).code, 0);
    try {
        const execution = await execute("WF10DailyKpi0001", { succeeds: false });
        assert.equal(execution.status, "error");
        assert.equal(execution.run.resultData.lastNodeExecuted, "Get Tenants");
        assert.equal(execution.run.resultData.error.httpCode, "403");
        assert.ok(!JSON.stringify(execution.run).includes(wrong));
    } finally {
        await writeFile(file, credentials(process.env.SERVICE_TOKEN));
        assert.equal((await n8n("import:credentials", `--input=${file}`)).code, 0);
    }
});
