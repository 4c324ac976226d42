// Called by make: the address of the page, the log of the application, the folder of the pictures.
'use strict';
const fs = require('fs');
const { chromium } = require('playwright-core');

const [address, log, folder] = process.argv.slice(2);
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

(async () => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const pages = {};
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme });
      page.on('pageerror', error => { throw error; });
      await page.goto(address);
      pages[colorScheme] = page;
    }
    while (!/^over/m.test(fs.readFileSync(log, 'utf8'))) await pause(1000);
    for (const colorScheme in pages) {
      const page = pages[colorScheme];
      await page.waitForFunction(() => /ledger/.test(document.querySelector('#verdict').textContent), null, { timeout: 60000 });
      await page.screenshot({ path: folder + '/view-' + colorScheme + '.png' });
      console.log('docs/images/view-' + colorScheme + '.png');
    }
  } finally {
    await browser.close();
  }
})().catch(error => { console.error(String(error)); process.exit(1); });
