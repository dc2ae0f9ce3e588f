// What the tests stand on: n8n's commands and its server, both databases, Courtier's API.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

const { env } = process;
// Both come with n8n.
const require = createRequire(path.join(env.N8N_MODULES, "n8n", "package.json"));
const pg = require("pg");
const flatted = require("flatted");

export const ROOT = env.ROOT;
export const WORK = env.WORK;
/** Longest any awaited thing may take; only a broken build waits so long. */
const PATIENCE_MS = 120_000;

const courtierDatabase = new pg.Pool({ connectionString: env.DATABASE_URL, max: 2 });
const n8nDatabase = new pg.Pool({
    host: env.DB_POSTGRESDB_HOST,
    port: Number(env.DB_POSTGRESDB_PORT),
    user: env.DB_POSTGRESDB_USER,
    password: env.DB_POSTGRESDB_PASSWORD,
    database: env.DB_POSTGRESDB_DATABASE,
    max: 2,
});

/** Rows of Courtier's database. */
export async function rows(query, parameters = []) {
    return (await courtierDatabase.query(query, parameters)).rows;
}

export async function close() {
    await Promise.all([courtierDatabase.end(), n8nDatabase.end()]);
}

/** Asks again until `look` returns something, which is returned. */
export async function until(what, look) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
        const found = await look();
        if (found) return found;
        if (Date.now() > deadline) throw new Error(`waited too long for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

/** Runs a program to its end; resolves to its exit code and what it wrote. */
export async function run(program, args, variables = {}) {
    const child = spawn(program, args, { env: { ...env, ...variables }, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => (stdout += text));
    child.stderr.on("data", (text) => (stderr += text));
    const [code] = await once(child, "close");
    return { code, stdout, stderr };
}

/** Runs `n8n …` beside the server, which has the usual port of the task broker. */
export const n8n = (...args) => run("n8n", args, { N8N_RUNNERS_BROKER_PORT: "15680" });

export async function courtier(...args) {
    const { code, stdout, stderr } = await run(env.COURTIER, args);
    if (code !== 0) throw new Error(`courtier ${args.join(" ")}: ${stderr}`);
    return stdout;
}

/** The tool of the private servers: `stack("kill-broker")`. */
export async function stack(verb) {
    const { code, stderr } = await run(path.join(ROOT, "compose/stack"), [verb, env.STACK_NAME]);
    if (code !== 0) throw new Error(`compose/stack ${verb}: ${stderr}`);
}

/** Calls the API as `field` of a deployment would; resolves to status and body. */
export async function api(method, route) {
    const url = `http://${env.API_LISTEN}${route}`;
    const headers = { authorization: `Bearer ${env.SERVICE_TOKEN}` };
    const response = await fetch(url, { method, headers });
    return { status: response.status, body: await response.json() };
}

/** Starts `n8n start`; resolves once it serves, and to a function that stops it. */
export async function startN8n() {
    const server = spawn("n8n", ["start"], { env, stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(path.join(WORK, "n8n-server.log"), { flags: "a" });
    server.stdout.pipe(log);
    server.stderr.pipe(log);
    let ended = false;
    server.on("exit", () => (ended = true));
    await until("n8n to start", async () => {
        if (ended) throw new Error("n8n ended while it started: see n8n-server.log");
        const url = `http://${env.N8N_HOST}:${env.N8N_PORT}/healthz/readiness`;
        return fetch(url).then((response) => response.ok, () => false);
    });
    return async () => {
        if (ended) return;
        server.kill("SIGTERM");
        await once(server, "exit");
    };
}

/** The id of the newest execution, to tell later ones from earlier ones. */
export async function newestExecution() {
    const found = await n8nDatabase.query("select coalesce(max(id), 0) as id from execution_entity");
    return found.rows[0].id;
}

/** Executions of a workflow after `since`, oldest first: id, status, mode, and data by node. */
export async function executions(workflowId, since) {
    const query = `
        select e.id, e.status, e.mode, d.data from execution_entity e
        join execution_data d on d."executionId" = e.id
        where e."workflowId" = $1 and e.id > $2 order by e.id`;
    const found = await n8nDatabase.query(query, [workflowId, since]);
    return found.rows.map(({ id, status, mode, data }) => ({ id, status, mode, run: flatted.parse(data) }));
}

/** Every item that a node put out in an execution, run after run, output after output. */
export function items(execution, node) {
    const runs = execution.run.resultData.runData[node] ?? [];
    const outputs = runs.flatMap((one) => one.data?.main ?? []);
    return outputs.flatMap((output) => output ?? []).map((item) => item.json);
}

/** The one execution of a workflow after `since`, once it has ended. */
export async function ended(workflowId, since) {
    return until(`an end of ${workflowId}`, async () => {
        const [execution] = await executions(workflowId, since);
        return execution && !["new", "running", "waiting"].includes(execution.status) && execution;
    });
}

export async function workflow(file) {
    return JSON.parse(await readFile(path.join(ROOT, "compose/n8n/workflows", file), "utf8"));
}
