// Reads every query of docs/powerbi with Microsoft's own parser, and holds the theme together.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

const tools = createRequire(join(process.env.POWERBI_TOOLS, "package.json"));
const { DefaultSettings, ResultUtils, Task, TaskUtils } = tools("@microsoft/powerquery-parser");

const root = join(import.meta.dirname, "../../docs/powerbi");
const names = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".pq"));
const text = (folder, name) => readFileSync(join(root, folder, name), "utf8");
const sets = [
  "dim_board", "dim_company", "dim_date", "dim_member", "dim_priority", "dim_tenant",
  "fact_kpi_daily", "fact_ticket", "fact_time_entry",
];
const days = { fact_ticket: "created_date", fact_time_entry: "work_date", fact_kpi_daily: "kpi_date" };

async function parse(source) {
  return TaskUtils.tryLexParse(DefaultSettings, source);
}

for (const folder of ["parameters", "odata", "files"]) {
  for (const name of names(folder)) {
    test(`${folder}/${name} is M`, async () => {
      const task = await parse(text(folder, name));
      const error = TaskUtils.isError(task) ? task.error.message : "";
      assert.ok(TaskUtils.isParseStageOk(task), error);
    });
  }
}

test("the parser finds mistakes", async () => {
  const broken = text("odata", "fact_ticket.pq").replace("in\n", "");
  assert.ok(TaskUtils.isError(await parse(broken)));
});

test("every set has a query, and facts fold their range", () => {
  assert.deepEqual(names("odata").sort(), sets.map((set) => `${set}.pq`));
  for (const set of sets) {
    const query = text("odata", `${set}.pq`);
    assert.ok(query.includes(`[Name = "${set}", Signature = "table"]`), set);
    assert.ok(!query.includes("msp_ak_"), `${set} holds a key`);
    const day = days[set];
    if (!day) continue;
    // Exactly this form is what incremental refresh asks for: from the start on, before the end.
    assert.ok(query.includes(`[${day}] >= Date.From(RangeStart) and [${day}] < Date.From(RangeEnd)`), set);
  }
});

test("parameters are parameters", () => {
  for (const name of names("parameters")) {
    assert.match(text("parameters", name), /meta \[IsParameterQuery = true, Type = "(Text|DateTime)"/, name);
  }
});

test("the theme has the colours of the admin site", () => {
  const theme = JSON.parse(readFileSync(join(root, "theme.json"), "utf8"));
  const css = readFileSync(join(root, "../../services/admin/assets/courtier.css"), "utf8").toLowerCase();
  const colours = JSON.stringify(theme).match(/#[0-9a-f]{6}/gi);
  assert.ok(colours.length > 20);
  for (const colour of colours) {
    assert.ok(css.includes(colour.toLowerCase()), `${colour} is not a colour of the admin site`);
  }
  assert.equal(new Set(theme.dataColors).size, theme.dataColors.length);
});
