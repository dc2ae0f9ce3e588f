// What is asked of every page, whatever it shows: nobody is kept out, nothing is too wide, and a
// French page speaks French. A picture of each goes into SHOTS.
import { mkdirSync } from "node:fs";
import axe from "axe-core";

const shots = process.env.SHOTS;
const SERIOUS = new Set(["serious", "critical"]);
// Words that no French sentence holds; what stays as it was written is marked as English.
const ENGLISH = /(?<!\p{L})(?:the|and|not|with|failed|cannot|must|stopped|waiting|running|answered|given)(?!\p{L})/iu;
const AS_WRITTEN = "[lang=en], pre, code, .mono, .raw, script, style, svg";

export function makeRoom() {
  mkdirSync(shots, { recursive: true });
}

async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return found.violations
    .filter(({ impact }) => SERIOUS.has(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target }) => target).join(" | ")}`);
}

// Pieces of text on a French page that are English and not marked so.
function leftovers(page) {
  return page.evaluate(([pattern, asWritten]) => {
    if (document.documentElement.lang !== "fr") return [];
    const english = new RegExp(pattern, "iu");
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode()) {
      const { data, parentElement } = walk.currentNode;
      if (english.test(data) && !parentElement.closest(asWritten)) found.push(data.trim());
    }
    return found;
  }, [ENGLISH.source, AS_WRITTEN]);
}

// Looks at the page that is open.
export async function inspect(page, name, suffix, trouble) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) trouble.push(`${name} ${suffix}: ${over} px too wide`);
  const titles = await page.locator("h1").count();
  if (titles !== 1) trouble.push(`${name}: ${titles} titles`);
  for (const one of await leftovers(page)) trouble.push(`${name} ${suffix}: English: ${one}`);
  for (const one of await violations(page)) trouble.push(`${name} ${suffix}: ${one}`);
  await page.screenshot({ path: `${shots}/${name}-${suffix}.png`, fullPage: true });
}
