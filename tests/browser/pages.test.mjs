// Every page, as people see it: found by following the menu and the first link of each list. In
// both themes, both languages, wide and on a phone: no violation, no overflow, nothing from
// elsewhere, and a picture of each in SHOTS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect, makeRoom } from "./look.mjs";
import { clean, member, site, start, stop, visitor } from "./site.mjs";

const MOST_BYTES = 150_000;

before(async () => { makeRoom(); await start(); });
after(stop);

// One name for all addresses that differ in ids only.
function nameOf(path) {
  const parts = path.split(/[?#]/)[0].split("/").filter(Boolean);
  const isOne = (part, n) => n > 0 && (/\d/.test(part) || (n === 1 && parts[0] === "lanes"));
  const words = parts.map((part, n) => (isOne(part, n) ? "one" : part));
  return words.join("-") || "status";
}

// Addresses in the order in which somebody would meet them.
async function addresses(page) {
  await page.goto(site);
  const menu = await page.$$eval("nav.menu a", (links) => links.map((link) => link.getAttribute("href")));
  const found = new Map(menu.map((path) => [nameOf(path), path]));
  for (const path of found.values()) {
    await page.goto(site + path);
    const links = await page.$$eval("main a[href^='/']:not([download])", (all) => all.map((link) => link.getAttribute("href")));
    for (const link of links.filter((one) => !one.startsWith("/assets/"))) {
      if (!found.has(nameOf(link)) && found.size < 60) found.set(nameOf(link), link);
    }
  }
  return found;
}

async function look(page, name, path, suffix, trouble) {
  let bytes = 0;
  const count = async (response) => {
    const { responseBodySize, responseHeadersSize } = await response.request().sizes().catch(() => ({}));
    bytes += (responseBodySize ?? 0) + (responseHeadersSize ?? 0);
  };
  page.on("response", count);
  const response = await page.goto(site + path);
  page.off("response", count);
  if (!response.ok()) trouble.push(`${name}: ${response.status()}`);
  if (bytes > MOST_BYTES) trouble.push(`${name}: ${bytes} bytes`);
  await inspect(page, name, suffix, trouble);
}

const LOOKS = [
  { width: 1280, theme: "light", lang: "fr-FR" },
  { width: 1280, theme: "dark", lang: "en-GB" },
  { width: 390, theme: "light", lang: "fr-FR" },
  { width: 390, theme: "dark", lang: "en-GB" },
];

for (const options of LOOKS) {
  const suffix = `${options.theme}-${options.width}`;
  test(`every page, ${suffix}, ${options.lang}`, { timeout: 600_000 }, async () => {
    const door = await visitor(options);
    const trouble = [];
    await look(door.page, "login", "/login", suffix, trouble);
    clean(door.faults);
    await door.close();
    const { page, faults, close } = await member(options);
    const found = await addresses(page);
    assert.ok(found.size >= 12, [...found.values()].join(" "));
    for (const [name, path] of found) await look(page, name, path, suffix, trouble);
    assert.deepEqual([...trouble, ...faults], []);
    await close();
  });
}

test("nothing is too wide for 320 px, which is a window of 1280 px at 400 %", { timeout: 300_000 }, async () => {
  const { page, close } = await member({ width: 320, lang: "fr-FR" });
  const trouble = [];
  for (const [name, path] of await addresses(page)) {
    await page.goto(site + path);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) trouble.push(`${name}: ${over} px`);
  }
  assert.deepEqual(trouble, []);
  await close();
});

test("without scripts every page still reads", async () => {
  const { page, close } = await member();
  await page.route("**/*.js", (route) => route.abort());
  for (const path of ["/", "/settings", "/commands", "/cards", "/review", "/batches"]) {
    await page.goto(site + path);
    assert.ok((await page.textContent("main")).length > 100, path);
  }
  await close();
});
