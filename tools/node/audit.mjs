// Audit pages with Lighthouse, one after the other in one browser. Each line that is read is a page as JSON,
// {"url": ..., "desktop": ...}; each line that is written holds its points, and the audits that cost some:
// {"points": {"performance": 100, ...}, "lost": [...]}. The environment says where the browser is (CHROME_PATH).
import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const browser = await launch({ chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
try {
  for await (const line of createInterface({ input: process.stdin })) {
    const { url, desktop } = JSON.parse(line);
    const flags = { port: browser.port, disableFullPageScreenshot: true };
    const { lhr } = await lighthouse(url, flags, desktop ? desktopConfig : undefined);
    const points = {};
    const lost = [];
    for (const [name, { score, auditRefs }] of Object.entries(lhr.categories)) {
      points[name] = Math.round(score * 100);
      for (const { id, weight } of auditRefs) {
        const audit = lhr.audits[id];
        if (weight > 0 && audit.score !== null && audit.score < 1) lost.push(`${name}: ${audit.title}`);
      }
    }
    console.log(JSON.stringify({ points, lost }));
  }
} finally {
  browser.kill();
}
