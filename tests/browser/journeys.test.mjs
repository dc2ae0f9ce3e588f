// What people do on the site, from the first click to what it changes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, api, clean, enter, member, site, start, stop, visitor } from "./site.mjs";

before(start);
after(stop);

test("a wrong password is refused in one sentence, the right one lets in, signing out ends it", async () => {
  const { page, faults, close } = await visitor();
  await page.goto(`${site}/settings`);
  assert.equal(new URL(page.url()).pathname, "/login");
  await page.fill("#username", account.name);
  await page.fill("#password", "not the password");
  await page.click("main button[type=submit]");
  await page.waitForSelector("[role=alert]");
  assert.match(await page.textContent("[role=alert]"), /Unknown name or password\./);
  assert.equal(await page.inputValue("#username"), account.name, "the name stays");
  assert.equal(await page.inputValue("#password"), "");
  await page.fill("#password", account.password);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${site}/settings`);
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === "courtier_session");
  assert.ok(session.httpOnly && session.sameSite === "Strict");
  await page.click(".foot button");
  await page.waitForURL(`${site}/login`);
  await page.context().addCookies([session]);
  await page.goto(`${site}/settings`);
  assert.equal(new URL(page.url()).pathname, "/login", "the old cookie opens nothing");
  clean(faults);
  await close();
});

test("a setting is changed, seen in force, and put back", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/settings`);
  await page.fill("#batch_hour", "4");
  await page.click("main button.main");
  await page.waitForSelector(".msg.ok");
  assert.match(await page.textContent(".msg.ok"), /04:00/);
  assert.equal(await page.inputValue("#batch_hour"), "4");
  assert.match(await page.textContent("main"), /Next departures .*04:00/s);
  await page.click(".msg.ok button");
  await page.waitForFunction(() => document.querySelector("#batch_hour").value === "3");
  clean(faults);
  await close();
});

test("a refused form keeps what was typed, says why twice alike, and takes the focus", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/settings`);
  await page.fill("#batch_hour", "25");
  await page.fill("#daily_api_limit", "77");
  await page.click("main button.main");
  await page.waitForSelector("[role=alert]");
  assert.match(await page.title(), /^Error: /);
  const focused = await page.evaluate(() => document.activeElement.getAttribute("role"));
  assert.equal(focused, "alert");
  const line = await page.textContent("[role=alert] li");
  assert.equal(line.trim(), (await page.textContent("#batch_hour-e")).trim());
  assert.equal(await page.inputValue("#batch_hour"), "25");
  assert.equal(await page.inputValue("#daily_api_limit"), "77", "nothing that was typed is lost");
  await page.goto(`${site}/settings`);
  assert.notEqual(await page.inputValue("#daily_api_limit"), "77", "nothing was saved");
  clean(faults);
  await close();
});

test("language and theme are switched and remembered", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/settings`);
  await page.click(".foot a[hreflang=fr]");
  await page.waitForSelector("html[lang=fr]");
  assert.equal(await page.textContent("h1"), "Réglages");
  await page.click(".foot a[href='?theme=dark']");
  await page.waitForSelector("html[data-theme=dark]");
  await page.goto(site);
  assert.equal(await page.getAttribute("html", "lang"), "fr");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  clean(faults);
  await close();
});

test("on a phone the menu is a page of its own", async () => {
  const { page, faults, close } = await member({ width: 390 });
  assert.ok(await page.isHidden("aside.side"));
  await page.click("header.bar-top a[href='#menu']");
  await page.waitForSelector("aside.side", { state: "visible" });
  await page.click("aside.side a[href='/settings']");
  await page.waitForURL(`${site}/settings`);
  assert.ok(await page.isHidden("aside.side"));
  clean(faults);
  await close();
});

test("tab goes through a form in the order of sight, with a visible ring", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/settings`);
  await page.focus("#main");
  const seen = [];
  for (let n = 0; n < 60 && seen.at(-1)?.name !== "pricing"; n += 1) {
    await page.keyboard.press("Tab");
    seen.push(await page.evaluate(() => {
      const one = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      return { name: one.name, top: box.top + scrollY, ring: outlineStyle !== "none" && outlineWidth !== "0px" };
    }));
  }
  const fields = seen.filter(({ name }) => name);
  assert.ok(fields.length >= 11, JSON.stringify(seen));
  assert.ok(fields.every(({ ring }) => ring), "every field shows that it has the focus");
  for (let n = 1; n < fields.length; n += 1) assert.ok(fields[n].top >= fields[n - 1].top - 2);
  await page.goto(site);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  clean(faults);
  await close();
});

test("what changes while the page is open is shown", async () => {
  const { page, faults, close } = await member();
  await page.waitForFunction(() => document.querySelector("[data-live]").textContent === "Live");
  await page.evaluate(() => { document.querySelector("#runs").dataset.old = "yes"; });
  const sent = await fetch(`${api}/internal/exports/generate?tenant_id=${process.env.TENANT_ID}`, {
    method: "POST", headers: { authorization: `Bearer ${process.env.SERVICE_TOKEN}` },
  });
  assert.equal(sent.status, 201);
  const { id } = await sent.json();
  await page.waitForSelector(`#runs a[href='/commands/${id}']`);
  clean(faults);
  await close();
});

test("a dead letter is replayed, after a dry run", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/dead-letters`);
  await page.click("main tbody a.lead:has-text('credentials')");
  const name = await page.textContent("tbody a.lead.mono >> nth=0");
  const command = await page.getAttribute("tbody a.lead.mono >> nth=0", "href");
  await page.click(".actions a.main");
  await page.waitForSelector("#confirm form");
  assert.match(await page.textContent("#confirm dl"), /Will be replayed\s*1/);
  await page.click("#confirm button");
  await page.waitForSelector(".msg.ok");
  await page.goto(site + command);
  await page.waitForSelector(".st.ok.pill");
  assert.equal(name, "diagnostics.ping");
  await page.goto(`${site}/audit?action=dead-letters`);
  assert.match(await page.textContent("tbody"), /Dead letters replayed/);
  clean(faults);
  await close();
});

test("a waiting command is cancelled, after a question", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/commands?status=postponed`);
  await page.click("tbody a.lead >> nth=0");
  await page.click(".actions a.danger");
  await page.waitForSelector("#confirm form");
  await page.click("#confirm button");
  await page.waitForFunction(() => document.querySelector("#mark").textContent.includes("Cancelled"));
  clean(faults);
  await close();
});

test("a key is created, shown once, used, and revoked", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/api-keys`);
  await page.click("form.w-6 button");
  await page.waitForSelector("[role=alert]");
  await page.fill("#name", "Browser <b>test</b>");
  await page.uncheck("#scope-exports");
  await page.uncheck("#scope-cards");
  await page.selectOption("#tenant", process.env.TENANT_ID);
  await page.click("form.w-6 button");
  const key = (await page.textContent("#new-key")).trim();
  assert.match(key, /^msp_ak_[0-9a-f]+_[0-9a-f]+$/);
  const figures = `/v1/kpis/daily?date=${new Date(Date.now() - 86_400_000 * 3).toISOString().slice(0, 10)}`;
  const ask = (path) => fetch(api + path, { headers: { "x-api-key": key } });
  assert.equal((await ask(figures)).status, 200);
  assert.equal((await ask("/v1/exports")).status, 403, "this right was not given");
  await page.goto(`${site}/api-keys`);
  assert.ok(!(await page.content()).includes(key), "shown once");
  assert.equal(await page.locator("tbody b").count(), 0, "a name is text");
  await page.locator("tr", { hasText: "Browser <b>test</b>" }).locator("a.danger").click();
  await page.fill("#name", "another name");
  await page.click("main button.danger");
  await page.waitForSelector("[role=alert]");
  assert.equal((await ask(figures)).status, 200, "a wrong name revokes nothing");
  await page.fill("#name", "Browser <b>test</b>");
  await page.click("main button.danger");
  await page.waitForSelector(".msg.ok");
  assert.equal((await ask(figures)).status, 401);
  clean(faults);
  await close();
});

test("a revoked session ends an open page's stream and its next click", async () => {
  const { page, close } = await member();
  const [session] = (await page.context().cookies()).filter(({ name }) => name === "courtier_session");
  const other = await visitor();
  await other.page.context().addCookies([session]);
  await other.page.goto(site);
  await other.page.click(".foot button");
  await other.page.waitForURL(`${site}/login`);
  await page.goto(`${site}/commands`);
  assert.equal(new URL(page.url()).pathname, "/login");
  await enter(page);
  assert.equal(new URL(page.url()).pathname, "/commands", "back to where the visitor wanted to go");
  await other.close();
  await close();
});
