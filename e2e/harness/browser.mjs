/** Chromium, and pages that tell on themselves: every console error, page error and CSP violation is kept. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath, out } from './paths.mjs';

/** `options` as Playwright's. */
export function launch(options = {}) {
  return chromium.launch({
    ...options,
    executablePath: chromiumPath,
    headless: true,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

/** A fresh profile with one page; `page.faults` collects what went wrong in it. */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-IN', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') page.faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return page;
}

/** A picture of the whole page for people to look at; what moves is at its end. */
export const picture = (page, name) =>
  page.screenshot({ path: join(out, `${name}.png`), fullPage: true, animations: 'disabled' });
