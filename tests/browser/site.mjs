// What every browser test begins with: a browser, somebody signed in, and eyes for what goes wrong.
// The variables come from tests/tests/browser.rs, which runs the site.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export const site = process.env.ADMIN_URL;
export const api = process.env.API_URL;
export const account = { name: process.env.ADMIN_USERNAME, password: process.env.ADMIN_PASSWORD };

let browser = null;

export async function start() {
  // Without a sandbox: the tests may run as root, in a container, and visit nothing but this site.
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
}

export async function stop() {
  await browser.close();
}

// A page of its own, and the list of everything that went wrong on it.
export async function visitor({ width = 1280, theme = "light", lang = "en-GB" } = {}) {
  const height = width > 500 ? 900 : 844;
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: theme, locale: lang, reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults = [];
  page.on("console", (message) => {
    // A refused form is an answer of its own, and the browser says so.
    if (!/status of 4\d\d/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(site)) faults.push(`foreign request: ${request.url()}`);
  });
  return { page, faults, close: () => context.close() };
}

// Fills in the form that is open.
export async function enter(page) {
  await page.fill("#username", account.name);
  await page.fill("#password", account.password);
  await page.click("main button[type=submit]");
  await page.waitForSelector("aside.side", { state: "attached" });
}

export async function signIn(page) {
  await page.goto(`${site}/login`);
  await enter(page);
}

export async function member(options) {
  const one = await visitor(options);
  await signIn(one.page);
  return one;
}

export function clean(faults) {
  assert.deepEqual(faults, []);
}
