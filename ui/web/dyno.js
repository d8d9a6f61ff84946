/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Live gauges and the last run on a telephone. It reads and never controls. The key
 * that pairing gave stands in localStorage and travels in a header alone. */

'use strict';

const API = '/api/v1';
const KEY = 'dynoai-key';
const UNITS = 'dynoai-units';
const STALE_MS = 1500;
const STRIP_S = 20;
const CHANNELS = 'rpm,power,torque,mix_f,mix_r';

const KW_PER_HP = 0.745699872;
const NM_PER_LBF_FT = 1.3558179483;

const at = (id) => document.getElementById(id);
const storage = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return memory.get(name) ?? null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { memory.set(name, value); } },
  remove: (name) => { try { localStorage.removeItem(name); } catch { memory.delete(name); } },
};
const memory = new Map();

const words = {
  pairing: 'Not paired', connecting: 'Connecting', live: 'Live', idle: 'Live', armed: 'Armed',
  recording: 'Recording', stopping: 'Saving', stale: 'Stale', offline: 'Offline', revoked: 'Key revoked',
};

const page = {
  key: storage.get(KEY),
  units: storage.get(UNITS) ?? 'si',
  values: {},          /* the newest, by channel */
  strip: [],           /* {ms, rpm, power} of the last 20 s */
  seen: 0,             /* when a value came last, ms of performance.now () */
  seenAt: 0,           /* the same by the calendar */
  capture: 'idle',
  run: null,           /* what /runs gave last */
  power: null,         /* and its curve */
  lastEvent: null,
  abort: null,
  isDirty: true,
};

function show (state) {
  const shown = state === 'live' ? page.capture : state;
  const element = at ('state');

  if (element.dataset.state !== shown) {
    element.dataset.state = shown;
    element.className = shown === 'idle' || shown === 'armed' ? 'live' : shown;
    element.textContent = words[shown] ?? shown;
  }
  if (shown === 'offline' && page.seen > 0)
    element.textContent = `Offline, last ${new Date (page.seenAt).toLocaleTimeString ([], { hour: 'numeric', minute: '2-digit' })}`;
  at ('gauges').classList.toggle ('stale', shown === 'stale' || shown === 'offline');
}

/* Numbers */

const isUs = () => page.units === 'us';
const powerOf = (kw) => kw / (isUs () ? KW_PER_HP : 1);
const torqueOf = (nm) => nm / (isUs () ? NM_PER_LBF_FT : 1);
const powerUnit = () => (isUs () ? 'hp' : 'kW');
const torqueUnit = () => (isUs () ? 'lbf·ft' : 'N·m');

function digits (value, places) {
  return Number.isFinite (value)
    ? value.toLocaleString ([], { minimumFractionDigits: places, maximumFractionDigits: places }).replace ('-', '−') : '–';
}

function number (id, value, places) {
  const text = digits (value, places);

  if (at (id).textContent !== text)
    at (id).textContent = text;
}

function showNumbers () {
  const isOver = at ('state').dataset.state === 'offline';
  const v = isOver ? {} : page.values;

  number ('rpm', v.rpm === undefined || v.rpm === null ? NaN : Math.round (v.rpm / 10) * 10, 0);
  number ('power', powerOf (v.power ?? NaN), 1);
  number ('torque', torqueOf (v.torque ?? NaN), 0);
  number ('front', v.mix_f ?? NaN, 1);
  number ('rear', v.mix_r ?? NaN, 1);
  at ('power-unit').textContent = powerUnit ();
  at ('torque-unit').textContent = torqueUnit ();
}

/* Drawing */

const colour = (name) => getComputedStyle (document.documentElement).getPropertyValue (name).trim ();

/* The canvas in pixels of the screen, and its size in pixels of the page. */
function prepare (canvas) {
  const scale = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext ('2d');

  canvas.width = Math.round (width * scale);
  canvas.height = Math.round (height * scale);
  context.scale (scale, scale);
  context.lineWidth = 2;
  context.lineJoin = 'round';

  return { context, width, height };
}

function line (context, points, style) {
  let isDown = false;

  context.strokeStyle = style;
  context.beginPath ();
  for (const [x, y] of points) {
    if (!Number.isFinite (y)) {
      isDown = false;
      continue;
    }
    if (isDown)
      context.lineTo (x, y);
    else
      context.moveTo (x, y);
    isDown = true;
  }
  context.stroke ();
}

const most = (numbers, least) => numbers.reduce ((a, b) => (Number.isFinite (b) && b > a ? b : a), least);

function drawStrip (now) {
  const { context, width, height } = prepare (at ('strip'));
  const x = (ms) => width * (1 - (now - ms) / (STRIP_S * 1000));
  const y = (value, top) => height - 2 - (Math.max (value, 0) / top) * (height - 6);
  const topRpm = most (page.strip.map ((p) => p.rpm), 1000);
  const topPower = most (page.strip.map ((p) => p.power), 10);

  context.clearRect (0, 0, width, height);
  line (context, page.strip.map ((p) => [x (p.ms), y (p.rpm, topRpm)]), colour ('--dim'));
  line (context, page.strip.map ((p) => [x (p.ms), y (p.power, topPower)]), colour ('--power'));
  at ('strip-words').textContent = page.strip.length === 0 ? 'Waiting for the dyno.'
    : `Last ${STRIP_S} s: up to ${digits (topRpm, 0)} rpm and ${digits (powerOf (topPower), 1)} ${powerUnit ()}.`;
}

function drawCurve () {
  const curve = page.power?.curve ?? [];

  at ('curve').hidden = curve.length === 0;
  if (curve.length === 0)
    return;
  const { context, width, height } = prepare (at ('curve'));
  const rpms = curve.map ((p) => p.rpm).filter (Number.isFinite);
  const low = Math.min (...rpms);
  const span = Math.max (1, Math.max (...rpms) - low);
  const x = (rpm) => 4 + ((width - 8) * (rpm - low)) / span;
  const y = (value, top) => height - 4 - (value / top) * (height - 10);
  const topPower = most (curve.map ((p) => p.power_kw), 1);
  const topTorque = most (curve.map ((p) => p.torque_nm), 1);

  context.clearRect (0, 0, width, height);
  line (context, curve.map ((p) => [x (p.rpm), y (p.power_kw ?? NaN, topPower)]), colour ('--power'));
  line (context, curve.map ((p) => [x (p.rpm), y (p.torque_nm ?? NaN, topTorque)]), colour ('--torque'));
}

function showRun () {
  const run = page.run;

  if (!run) {
    at ('last-title').textContent = 'No run yet';
    at ('curve-words').textContent = '';
    return;
  }
  at ('last-title').textContent = [`Run ${run.number}`, run.title, run.vehicle?.label].filter (Boolean).join (' · ');
  at ('curve-words').textContent = Number.isFinite (run.peak_power_kw)
    ? `Peak ${digits (powerOf (run.peak_power_kw), 1)} ${powerUnit ()} at ${digits (run.peak_power_rpm, 0)} rpm, `
      + `${digits (torqueOf (run.peak_torque_nm ?? NaN), 1)} ${torqueUnit ()} at ${digits (run.peak_torque_rpm ?? NaN, 0)} rpm, ${run.correction?.standard ?? 'uncorrected'}.`
    : 'This run has no power curve.';
  drawCurve ();
}

/* Asking */

class Refused extends Error {}

async function ask (path, options = {}) {
  const reply = await fetch (API + path, {
    cache: 'no-store', credentials: 'omit', redirect: 'error', ...options,
    headers: { Accept: 'application/json', 'X-API-Key': page.key, ...options.headers },
  });

  if (reply.status === 401 || reply.status === 403)
    throw new Refused ();
  if (!reply.ok)
    throw new Error (`The service answered ${reply.status}.`);

  return reply;
}

async function fetchRun () {
  const { items } = await (await ask ('/runs?limit=1')).json ();
  const run = items[0] ?? null;

  if (run?.id === page.run?.id && run?.version === page.run?.version)
    return;
  page.power = run ? await (await ask (`/runs/${encodeURIComponent (run.id)}/power?smoothing=2`)).json ().catch (() => null) : null;
  page.run = run;
  showRun ();
}

/* Live events */

function takeLive (event) {
  const now = performance.now ();
  const v = event.v ?? {};

  Object.assign (page.values, v);
  page.seen = now;
  page.seenAt = Date.now ();
  if (event.state)
    page.capture = event.state;
  if (event.simulated !== undefined)
    at ('mark').hidden = !event.simulated;
  if (event.provider_id)
    at ('provider').textContent = event.provider_name ?? event.provider_id;
  page.strip.push ({ ms: now, rpm: v.rpm ?? NaN, power: v.power ?? NaN });
  while (page.strip.length > 0 && page.strip[0].ms < now - STRIP_S * 1000)
    page.strip.shift ();
  page.isDirty = true;
}

function takeCapture (event) {
  const before = page.capture;

  page.capture = event.state ?? page.capture;
  if (event.provider_id)
    at ('provider').textContent = event.provider_name ?? event.provider_id;
  if (before !== page.capture && page.capture !== 'recording')
    fetchRun ().catch (() => {});
}

function takeEvent (name, id, data) {
  if (id !== '')
    page.lastEvent = id;
  if (name === 'bye') {
    if (data.reason === 'auth')
      throw new Refused ();
    throw new Error ('The service ends.');
  }
  if (name === 'live')
    takeLive (data);
  else if (name === 'capture')
    takeCapture (data);
}

/* text/event-stream, as HTML defines it, over fetch (): EventSource sends no header. */
async function readStream (reply) {
  const reader = reply.body.pipeThrough (new TextDecoderStream ()).getReader ();
  let rest = '';
  let event = { name: '', id: '', data: [] };

  for (;;) {
    const { value, done } = await reader.read ();

    if (done)
      return;
    rest += value;
    const lines = rest.split (/\r\n|\n|\r/);

    rest = lines.pop ();
    for (const text of lines) {
      const colon = text.indexOf (':');
      const field = colon < 0 ? text : text.slice (0, colon);
      const content = colon < 0 ? '' : text.slice (colon + 1).replace (/^ /, '');

      if (text === '') {
        if (event.data.length > 0)
          takeEvent (event.name, event.id, JSON.parse (event.data.join ('\n')));
        event = { name: '', id: event.id, data: [] };
      } else if (field === 'event') {
        event.name = content;
      } else if (field === 'id') {
        event.id = content;
      } else if (field === 'data') {
        event.data.push (content);
      }
    }
  }
}

async function listen () {
  const headers = { Accept: 'text/event-stream' };

  if (page.lastEvent)
    headers['Last-Event-ID'] = page.lastEvent;
  page.abort = new AbortController ();
  await readStream (await ask (`/events?topics=live,capture&hz=20&channels=${CHANNELS}`,
                               { headers, signal: page.abort.signal }));
}

const pause = (ms) => new Promise ((resolve) => setTimeout (resolve, ms));

async function begin () {
  takeLive (await (await ask ('/live')).json ());
  await fetchRun ();
  show ('live');
}

/* For as long as there is a key: connect, listen, wait a little longer each time. */
async function run () {
  let wait = 500;

  at ('pairing').hidden = true;
  at ('gauges').hidden = false;
  at ('forget').hidden = false;
  show ('connecting');
  while (page.key) {
    try {
      await begin ();
      wait = 500;
      await listen ();
    } catch (error) {
      if (error instanceof Refused) {
        forget ('revoked');
        return;
      }
    }
    if (!page.key)
      return;
    show ('offline');
    showNumbers ();
    await pause (wait * (0.7 + 0.6 * Math.random ()));
    wait = Math.min (wait * 2, 10000);
  }
}

/* Pairing */

function forget (state) {
  page.key = null;
  page.values = {};
  page.strip = [];
  storage.remove (KEY);
  page.abort?.abort ();
  at ('gauges').hidden = true;
  at ('forget').hidden = true;
  at ('pairing').hidden = false;
  at ('provider').textContent = 'DynoAI';
  at ('mark').hidden = true;
  show (state);
}

async function pair (code, name) {
  at ('pairing-error').textContent = '';
  at ('pairing-words').textContent = 'Confirm this device on the dyno’s computer.';
  try {
    const reply = await fetch (`${API}/pair`, {
      method: 'POST', credentials: 'omit', cache: 'no-store', redirect: 'error',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify ({ code, name }),
    });
    const body = await reply.json ();

    if (!reply.ok)
      throw new Error (body.error?.message ?? `The service answered ${reply.status}.`);
    page.key = body.key;
    storage.set (KEY, body.key);
    run ();
  } catch (error) {
    at ('pairing-words').textContent = 'The code is good for five minutes and for one device.';
    at ('pairing-error').textContent = error.message;
  }
}

function deviceName () {
  const agent = navigator.userAgent;

  return /iPhone|iPad|Android/.exec (agent)?.[0] ?? 'Browser';
}

/* The code of the QR stands behind the #, which no server sees; it is erased at once. */
function takeCode () {
  const found = /[#&]c=([0-9A-Za-z-]{13,16})/.exec (location.hash);

  if (location.hash !== '')
    history.replaceState (null, '', location.pathname);

  return found?.[1] ?? null;
}

/* The face */

function everyFrame (now) {
  const isOpen = !at ('gauges').hidden;

  if (isOpen && page.isDirty && !document.hidden) {
    drawStrip (now);
    page.isDirty = false;
  }
  requestAnimationFrame (everyFrame);
}

function tenTimesASecond () {
  const state = at ('state').dataset.state;

  if (at ('gauges').hidden)
    return;
  if (page.seen > 0 && state !== 'offline' && state !== 'connecting')
    show (performance.now () - page.seen > STALE_MS ? 'stale' : 'live');
  showNumbers ();
}

function start () {
  const code = takeCode ();

  at ('units').value = page.units;
  at ('device').value = deviceName ();
  at ('units').addEventListener ('change', () => {
    page.units = at ('units').value;
    storage.set (UNITS, page.units);
    page.isDirty = true;
    showNumbers ();
    showRun ();
  });
  at ('forget').addEventListener ('click', () => forget ('pairing'));
  at ('pairing-form').addEventListener ('submit', (event) => {
    event.preventDefault ();
    pair (at ('code').value.replace (/[\s-]/g, '').toUpperCase (), at ('device').value.trim ());
  });
  window.addEventListener ('resize', () => { page.isDirty = true; showRun (); });
  window.addEventListener ('hashchange', () => { const again = takeCode (); if (again) pair (again, deviceName ()); });
  setInterval (tenTimesASecond, 100);
  setInterval (() => { if (page.key && !document.hidden) fetchRun ().catch (() => {}); }, 15000);
  requestAnimationFrame (everyFrame);

  if (code)
    forget ('pairing');
  if (page.key)
    run ();
  else
    forget ('pairing');
  if (code)
    pair (code, deviceName ());
}

start ();
