// Called by make: the address of the page, the log of the application, the folder of the pictures. TERMINAL is the tmux that
// shows vela top.
'use strict';
const fs = require('fs');
const { execSync } = require('child_process');
const { chromium } = require('playwright-core');

const [address, log, folder] = process.argv.slice(2);
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const COLOURS = ['#1d1f21', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'];
const colour = n => n < 8 ? COLOURS[n] : n < 16 ? COLOURS[n - 8] : n >= 232 ? `rgb(${[1, 1, 1].map(() => 8 + (n - 232) * 10)})`
  : `rgb(${[36, 6, 1].map(part => [0, 95, 135, 175, 215, 255][Math.floor((n - 16) / part) % 6])})`;

/** What tmux captures of a terminal, as a page. */
function terminalPage(captured) {
  let style = {};
  const set = codes => {
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i];
      if (code === 0) style = {};
      else if (code === 1) style.bold = true;
      else if (code === 2) style.faint = true;
      else if (code === 7) style.reverse = true;
      else if (code === 22) style.bold = style.faint = false;
      else if (code === 27) style.reverse = false;
      else if (code >= 30 && code < 38) style.text = colour(code - 30);
      else if (code >= 90 && code < 98) style.text = colour(code - 90);
      else if (code === 38 && codes[i + 1] === 5) style.text = colour(codes[i += 2]);
      else if (code === 39) delete style.text;
    }
  };
  const body = captured.split(/\x1b\[([0-9;]*)m/).map((part, i) => {
    if (i % 2) { set(part.split(';').map(Number)); return ''; }
    const text = style.text || '#d7dae0', back = '#1d1f21';
    const css = `color:${style.reverse ? back : text};background:${style.reverse ? text : back};${style.bold ? 'font-weight:700;' : ''}${style.faint ? 'opacity:.65;' : ''}`;
    return `<span style="${css}">${part.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</span>`;
  }).join('');
  return `<body style="margin:0;background:#1d1f21"><pre id="screen" style="display:inline-block;margin:0;padding:14px;font:14px/19px 'DejaVu Sans Mono',monospace">${body}</pre></body>`;
}

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
    execSync(process.env.TERMINAL + ' send-keys s +'); // by state, unfolded
    await pause(3000);
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.setContent(terminalPage(execSync(process.env.TERMINAL + ' capture-pane -e -p').toString().replace(/\n$/, '')));
    await page.locator('#screen').screenshot({ path: folder + '/top.png' });
    console.log('docs/images/top.png');
  } finally {
    await browser.close();
  }
})().catch(error => { console.error(String(error)); process.exit(1); });
