// Pages in the states that nobody meets every day: refused forms, questions, answers to them,
// empty lists. In French, where words are longest, wide and on a phone; `make screenshots` shows
// them beside the others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect, makeRoom } from "./look.mjs";
import { account, clean, member, site, start, stop, visitor } from "./site.mjs";

before(async () => { makeRoom(); await start(); });
after(stop);

const LOOKS = [{ width: 1280 }, { width: 390 }];

// Runs `states` at every width; each is a name and what leads to it.
function everyWidth(title, states) {
  for (const { width } of LOOKS) {
    test(`${title}, ${width}`, { timeout: 240_000 }, async () => {
      const { page, faults, close } = await member({ width, lang: "fr-FR" });
      const trouble = [];
      for (const [name, lead] of Object.entries(states)) {
        await lead(page);
        await inspect(page, `state-${name}`, `light-${width}`, trouble);
      }
      assert.deepEqual([...trouble, ...faults], []);
      await close();
    });
  }
}

const go = (path) => (page) => page.goto(site + path);

async function unfold(page) {
  await page.$$eval("main details", (all) => all.forEach((one) => { one.open = true; }));
}

async function upload(page, csv) {
  await page.goto(`${site}/import`);
  await page.setInputFiles("#file", { name: "cartes.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.click("form:has(#file) button");
}

// The first card of the list whose page fulfils `wanted`.
async function cardThat(page, list, wanted) {
  await page.goto(site + list);
  const cards = await page.$$eval("tbody a.lead", (all) => all.map((one) => one.getAttribute("href")));
  for (const card of cards) {
    await page.goto(site + card);
    if (await page.locator(wanted).count()) return;
  }
  assert.fail(`no card of ${list} has ${wanted}`);
}

const FAULTY = [
  "id;name;local_id;set_id;set_name;set_cardcount_official;variant;inconnue",
  "base2-1-NORMAL;Florizarre corrigé;;;;;;x",
  "personne-1-NORMAL;Abra;;;;;;",
  "base2-2-NORMAL;Raichu;2/102;;;;;",
  ";Ma carte;001;sv08;;;SHINY;",
  ";Ma carte;001;sv 08;;;HOLO;",
  "base2-3-NORMAL;Trop;;;;;;;;;",
].join("\n");

everyWidth("the shop", {
  "review-sure": go("/review/sure"),
  "review-approved": async (page) => {
    await page.goto(`${site}/review/sure`);
    await page.click("main button.main");
    await page.waitForSelector(".msg.ok");
    assert.match(await page.textContent(".msg.ok"), /3 prix publiés/);
  },
  "review-undone": async (page) => {
    await page.click(".msg.ok button");
    await page.waitForSelector(".msg.warn");
    assert.match(await page.textContent(".msg.warn"), /3 décisions reprises/);
    assert.match(await page.textContent(".head .actions"), /Approuver les 3 sûrs…/);
  },
  "import-faulty": async (page) => {
    await upload(page, FAULTY);
    await page.waitForSelector(".confirm");
    assert.match(await page.textContent("main"), /la carte personne-1-NORMAL n’existe pas/);
  },
  "import-refused": async (page) => {
    await upload(page, "rien;qui;serve\n1;2;3\n");
    await page.waitForSelector("[role=alert]");
    assert.match(await page.textContent("[role=alert]"), /La colonne id manque/);
  },
  "card-listings": (page) => cardThat(page, "/cards?sort=price", "a[href*='listings=all']"),
  "card-failing": (page) => cardThat(page, "/cards?view=failing", ".msg.bad"),
  "card-refused": async (page) => {
    await page.fill("#local_id", "1/64");
    await page.click("form:has(#ebay_query) button.main");
    await page.waitForSelector("[role=alert]");
  },
  "cards-no-match": go("/cards?q=lokhlas"),
  "batches-estimate": go("/batches?estimate=1&set=&mode=full&limit=#launch"),
  "batch-report": async (page) => {
    await page.goto(`${site}/batches`);
    await page.click("tbody a.lead >> nth=0");
    await page.waitForSelector("#report header");
    await unfold(page);
  },
});

everyWidth("the works", {
  "status-figures": async (page) => { await page.goto(site); await unfold(page); },
  "commands-question": async (page) => {
    await page.goto(`${site}/commands`);
    await page.check("input[name=all]");
    await page.click("button[value=cancel]");
    await page.waitForSelector(".confirm");
  },
  "commands-none": go("/commands?status=running&name=kpi.recompute"),
  "command-callback": async (page) => {
    await page.goto(`${site}/commands?name=diagnostics.ping&status=succeeded`);
    await page.click("tbody a.lead >> nth=0");
    await page.waitForSelector("#facts a.mono");
  },
  "command-dead": async (page) => {
    await page.goto(`${site}/commands?status=dead&name=diagnostics.ping`);
    await page.click("tbody a.lead >> nth=0");
    assert.match(await page.textContent("#trouble"), /eBay refuse les identifiants/);
  },
  "command-waits": async (page) => {
    await page.goto(`${site}/commands?status=postponed`);
    await page.click("tbody a.lead >> nth=0");
    assert.match(await page.textContent("#trouble"), /Les appels du jour sont épuisés/);
  },
  "lane-paused": async (page) => {
    await page.goto(`${site}/lanes/exports/pause`);
    await page.fill("#reason", "Disque plein");
    await page.click("main button[type=submit]");
    await page.waitForSelector("form[action$='/resume']");
  },
  "lane-refused": async (page) => {
    await page.click("form[action$='/resume'] button");
    await page.goto(`${site}/lanes/exports/pause`);
    await page.fill("#reason", "");
    await page.click("main button[type=submit]");
    await page.waitForSelector("[role=alert]");
  },
  "settings-refused": async (page) => {
    await page.goto(`${site}/settings`);
    await page.fill("#batch_hour", "25");
    await page.fill("#low_value_refresh_days", "zéro");
    await page.fill("#pricing", '{"buy": {"fees_rate": "2"}}');
    await page.click("main button.main");
    await page.waitForSelector("[role=alert]");
    assert.match(await page.textContent("#pricing-e"), /buy\.fees_rate\s: au moins 0 et moins de 1/);
    await unfold(page);
  },
  "api-key-created": async (page) => {
    await page.goto(`${site}/api-keys`);
    await page.fill("#name", "Power BI");
    await page.click("form.w-6 button");
    await page.waitForSelector("#new-key");
  },
  "audit-no-match": go("/audit?actor=personne"),
  "exports-ordered": async (page) => {
    await page.goto(`${site}/exports`);
    await page.click("form button >> nth=1");
    await page.waitForSelector("#order.ok");
  },
});

test("what is not there, and a door that stays shut", async () => {
  const { page, faults, close } = await member({ lang: "fr-FR" });
  const trouble = [];
  await page.goto(`${site}/nulle-part`);
  await inspect(page, "state-not-found", "light-1280", trouble);
  const door = await visitor({ lang: "fr-FR" });
  await door.page.goto(`${site}/login`);
  await door.page.fill("#username", account.name);
  await door.page.fill("#password", "mauvais");
  await door.page.click("main button[type=submit]");
  await door.page.waitForSelector("[role=alert]");
  await inspect(door.page, "state-login-refused", "light-1280", trouble);
  assert.deepEqual(trouble, []);
  clean([...faults, ...door.faults]);
  await door.close();
  await close();
});
