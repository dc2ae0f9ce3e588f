// What the shop does all day: batches, prices that wait, corrections, files.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clean, member, site, start, stop } from "./site.mjs";

before(start);
after(stop);

async function setRate(page, rate) {
  await page.goto(`${site}/settings`);
  await page.fill("#ebay_requests_per_second", rate);
  await page.click("main button.main");
  await page.waitForSelector(".msg.ok");
}

test("a batch is estimated, launched, stopped, resumed, and watched to its end", { timeout: 120_000 }, async () => {
  const { page, faults, close } = await member();
  await setRate(page, "3");
  await page.goto(`${site}/batches`);
  await page.selectOption("#set", "base2");
  await page.fill("#limit", "25");
  await page.click("#launch form.launch button");
  await page.waitForSelector("#launch .figures");
  await page.click("#launch form.stack button.main");
  await page.waitForURL(/\/batches\/[0-9a-f-]{36}$/);
  await page.waitForFunction(() => parseInt(document.querySelector("#progress dd").textContent, 10) > 2);
  await page.click("#actions a.danger");
  await page.waitForSelector(".confirm h2");
  assert.equal(await page.textContent(".confirm h2"), "Stop this batch?");
  await page.click(".confirm button.danger");
  await page.waitForSelector("#actions form[action$='/resume'] button");
  assert.match(await page.textContent("#mark"), /Stopp/);
  const address = page.url();
  await setRate(page, "50");
  await page.goto(address);
  await page.click("#actions form[action$='/resume'] button");
  // Nobody loads the page again.
  await page.waitForFunction(() => document.querySelector("#mark").textContent.includes("Finished"), null, { timeout: 60_000 });
  assert.match(await page.textContent("#progress dd"), /^\s*25 /);
  clean(faults);
  await close();
});

test("a price that waits is approved, and taken back", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/review`);
  const waiting = async () => parseInt(await page.textContent("nav.tabs a b"), 10);
  const before = await waiting();
  const article = page.locator("article:has(button[value=approve])").first();
  const name = await article.getAttribute("aria-label");
  await article.locator("button[value=approve]").click();
  await page.waitForSelector(".msg.ok");
  assert.ok((await page.textContent(".msg.ok")).includes(name));
  assert.equal(await waiting(), before - 1);
  await page.click(".msg.ok button");
  await page.waitForSelector(".msg.warn");
  assert.equal(await waiting(), before);
  clean(faults);
  await close();
});

test("a card is found, looked at now, and corrected", async () => {
  const { page, faults, close } = await member();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${site}/cards`);
  await page.fill("#q", "base2-1-");
  await page.click("form.filters button");
  await page.click("tbody a.lead");
  await page.click("form[action$='/reprice'] button");
  await page.waitForSelector("#order .msg.ok", { timeout: 30_000 });
  await page.fill("#local_id", "1/64");
  await page.click("form:has(#ebay_query) button.main");
  await page.waitForSelector("[role=alert]");
  assert.match(await page.textContent("[role=alert] li"), /without a slash/);
  assert.equal(await page.inputValue("#local_id"), "1/64");
  await page.fill("#local_id", "");
  await page.fill("#ebay_query", "Florizarre 1/64 Jungle");
  await page.click("form:has(#ebay_query) button.main");
  await page.waitForSelector(".msg.ok");
  assert.equal(await page.inputValue("#ebay_query"), "Florizarre 1/64 Jungle");
  clean(faults);
  await close();
});

test("a file with faulty lines is shown first, and only its good lines go in", async () => {
  const { page, faults, close } = await member();
  await page.goto(`${site}/import`);
  const csv = "id;name\nbase2-1-NORMAL;<b>Bold</b>\nnobody-1-NORMAL;Abra\n";
  await page.setInputFiles("#file", { name: "cards.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.click("form:has(#file) button");
  await page.waitForSelector(".confirm");
  assert.match(await page.textContent("main"), /nobody-1-NORMAL/);
  await page.click(".confirm button.main");
  await page.waitForSelector(".msg.ok");
  assert.match(await page.textContent(".msg.ok"), /1 changed.*One faulty line/s);
  await page.goto(`${site}/cards?q=bold`);
  assert.equal(await page.textContent("tbody a.lead"), "<b>Bold</b>");
  clean(faults);
  await close();
});
