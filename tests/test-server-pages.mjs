// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The DynoAI authors

// Both pages in a real browser, over a served shop with the simulator. Arguments: dynoctl,
// and a folder for pictures (optional). Prints TAP; skips by name where Chromium or
// playwright-core is absent.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const KEY = 'a-key-of-the-tests-with-thirty-two-characters';
const SIZES = [[360, 640], [812, 375], [1280, 800]];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function skip (why) {
  console.log (`1..0 # SKIP ${why}`);
  process.exit (0);
}

function load () {
  const places = [process.cwd (), process.env.NODE_PATH ?? ''].filter (Boolean);

  for (const place of places) {
    try {
      return createRequire (join (place, 'x.js')) ('playwright-core');
    } catch { /* not there */ }
  }

  return null;
}

let n = 0;
let failed = 0;

function check (isGood, name) {
  n++;
  failed += isGood ? 0 : 1;
  console.log (`${isGood ? 'ok' : 'not ok'} ${n} ${name}`);
}

// A shop of its own, on a free port, with pulls that never end.
async function serve (dynoctl, folder) {
  const master = join (folder, 'master');

  writeFileSync (master, '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', { mode: 0o600 });
  const service = spawn (dynoctl, ['serve', '--json', '--port', '0', '--simulate', '--data-dir', join (folder, 'data')], {
    env: { ...process.env, XDG_RUNTIME_DIR: folder, DYNOAI_MASTER_KEY_FILE: master, API_KEYS: KEY,
      API_KEYS_SCOPES: 'live:read,runs:read', DYNOAI_SERVER_LAN_PAGE: 'true', DYNOAI_ENV: 'development',
      JETDRIVE_MCAST_GROUP: '239.255.77.13', JETDRIVE_IFACE: '127.0.0.1',
      JETDRIVE_PORT: String (23000 + Math.floor (Math.random () * 30000)) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise ((resolve) => {
    let text = '';

    service.stdout.on ('data', (piece) => {
      text += piece;
      const found = /"url":\s*"([^"]+)"/.exec (text);

      if (found)
        resolve (found[1]);
    });
  });

  return { service, url };
}

function watch (page, url, troubles) {
  page.on ('console', (message) => {
    if (['error', 'warning'].includes (message.type ()))
      troubles.push (message.text ());
  });
  page.on ('pageerror', (error) => troubles.push (error.message));
  page.on ('request', (request) => {
    if (!request.url ().startsWith (url) && !request.url ().startsWith ('data:'))
      troubles.push (`asked ${request.url ()}`);
  });
}

const fits = (page) => page.evaluate (() => document.documentElement.scrollWidth <= window.innerWidth);

// Nothing that is shown ends beyond the window's right edge.
const isWhole = (page, selector) => page.evaluate ((wanted) => [...document.querySelectorAll (wanted)]
  .every ((element) => element.getBoundingClientRect ().right <= window.innerWidth), selector);

async function look (browser, url, [width, height], colorScheme, pictures) {
  const context = await browser.newContext ({ viewport: { width, height }, colorScheme });
  const page = await context.newPage ();
  const troubles = [];
  const label = `${width}×${height} ${colorScheme}`;
  const take = async (name) => {
    if (pictures)
      await page.screenshot ({ path: join (pictures, `${name}-${width}-${colorScheme}.png`) });
  };

  watch (page, url, troubles);
  await page.goto (`${url}/m/`);
  check (await page.textContent ('#state') === 'Not paired', `${label}: not paired at first`);
  await take ('pair');
  await page.evaluate ((key) => localStorage.setItem ('dynoai-key', key), KEY);
  await page.reload ();
  await page.waitForFunction (() => document.getElementById ('state').textContent === 'Live'
    && /\d/.test (document.getElementById ('rpm').textContent), null, { timeout: 20000 });
  await page.waitForTimeout (2000);
  check (await page.isVisible ('#mark'), `${label}: says that it is simulated`);
  check (await fits (page) && await isWhole (page, '#gauges output, #gauges .unit'), `${label}: the gauges fit`);
  await take ('live');
  await page.click ('#forget');
  check (await page.evaluate (() => localStorage.getItem ('dynoai-key')) === null, `${label}: the key is forgotten`);

  await page.goto (`${url}/docs`);
  await page.waitForSelector ('details');
  await page.locator ('summary', { hasText: '/api/v1/settings' }).first ().click ();
  check (await page.locator ('details').count () > 20, `${label}: the operations are listed`);
  check (await fits (page), `${label}: the documentation fits`);
  await page.locator ('summary', { hasText: '/health/live' }).first ().click ();
  await page.locator ('details', { hasText: '/health/live' }).first ().locator ('button').click ();
  await page.waitForFunction (() => [...document.querySelectorAll ('pre')].some ((pre) => pre.textContent.includes ('alive')));
  check (true, `${label}: an operation is tried`);
  await take ('docs');
  check (troubles.length === 0, `${label}: no complaint, nothing from outside ${troubles.join ('; ')}`);
  await context.close ();
}

async function main () {
  const [dynoctl, pictures] = process.argv.slice (2);
  const playwright = load ();

  if (!existsSync (CHROMIUM))
    skip ('Chromium is not installed');
  if (playwright === null)
    skip ('playwright-core is not installed (npm install playwright-core, NODE_PATH)');

  const folder = mkdtempSync (join (tmpdir (), 'dynoai-pages-'));
  const { service, url } = await serve (dynoctl, folder);
  const browser = await playwright.chromium.launch ({ executablePath: CHROMIUM, args: FLAGS });

  try {
    for (const size of SIZES)
      for (const scheme of ['light', 'dark'])
        await look (browser, url, size, scheme, pictures);
  } catch (error) {
    check (false, error.message.split ('\n')[0]);
  } finally {
    await browser.close ();
    service.kill ('SIGTERM');
    await new Promise ((resolve) => service.once ('exit', resolve));
    rmSync (folder, { recursive: true });
  }
  console.log (`1..${n}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main ();
