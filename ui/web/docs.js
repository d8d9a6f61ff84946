/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The OpenAPI document as a page, with each operation to be tried. Nothing comes from
 * anywhere but this service. */

'use strict';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const at = (id) => document.getElementById (id);
let spec = null;

function make (name, attributes = {}, ...children) {
  const element = document.createElement (name);

  for (const [key, value] of Object.entries (attributes)) {
    if (key === 'class')
      element.className = value;
    else if (value !== undefined && value !== null)
      element.setAttribute (key, value);
  }
  element.append (...children.filter ((child) => child !== null && child !== undefined));

  return element;
}

/* Words between ` are names of the API. */
function prose (text) {
  return (text ?? '').split ('`').map ((part, i) => (i % 2 === 1 ? make ('code', {}, part) : part));
}

/* What a reference points to. */
function resolve (thing) {
  let found = thing;

  for (let depth = 0; found?.$ref && depth < 16; depth++)
    found = found.$ref.slice (2).split ('/').reduce (
      (node, part) => node?.[part.replaceAll ('~1', '/').replaceAll ('~0', '~')], spec);

  return found ?? {};
}

function typeOf (schema) {
  const s = resolve (schema);
  const type = Array.isArray (s.type) ? s.type.join (' or ') : s.type ?? 'any';

  if (type.startsWith ('array'))
    return `list of ${typeOf (s.items ?? {})}`;

  return s.format ? `${type} (${s.format})` : type;
}

function boundsOf (schema) {
  const s = resolve (schema);
  const parts = [];

  if (s.enum)
    parts.push (s.enum.join (' | '));
  if (s.minimum !== undefined || s.maximum !== undefined)
    parts.push (`${s.minimum ?? '−∞'} … ${s.maximum ?? '∞'}`);
  if (s.maxLength !== undefined)
    parts.push (`at most ${s.maxLength} characters`);
  if (s.default !== undefined)
    parts.push (`default ${JSON.stringify (s.default)}`);

  return parts.join ('; ');
}

function row (name, schema, isRequired, meaning) {
  return make ('tr', {}, make ('td', {}, make ('code', {}, name), isRequired ? ' *' : ''),
               make ('td', {}, typeOf (schema)), make ('td', {}, boundsOf (schema)),
               make ('td', {}, ...prose (meaning ?? resolve (schema).description)));
}

function tableOf (title, rows) {
  if (rows.length === 0)
    return null;
  const head = make ('tr', {}, ...[title, 'Type', 'Bounds', 'Meaning'].map ((text) => make ('th', { scope: 'col' }, text)));

  return make ('table', {}, make ('thead', {}, head), make ('tbody', {}, ...rows));
}

function rowsOf (schema) {
  const s = resolve (schema);

  return Object.entries (s.properties ?? {}).map (
    ([name, field]) => row (name, field, (s.required ?? []).includes (name)));
}

const bodySchema = (operation) => resolve (operation.requestBody).content?.['application/json']?.schema;

function replies (operation) {
  const rows = Object.entries (operation.responses ?? {}).map (([status, reply]) =>
    make ('tr', {}, make ('td', {}, status), make ('td', {}, ...prose (resolve (reply).description))));
  const head = make ('tr', {}, make ('th', { scope: 'col' }, 'Status'), make ('th', { scope: 'col' }, 'Meaning'));

  return make ('table', {}, make ('thead', {}, head), make ('tbody', {}, ...rows));
}

function example (schema) {
  const s = resolve (schema);

  if (s.example !== undefined)
    return s.example;
  if (s.default !== undefined)
    return s.default;
  if (s.enum)
    return s.enum[0];
  if (s.properties)
    return Object.fromEntries (Object.entries (s.properties)
      .filter (([name]) => (s.required ?? []).includes (name)).map (([name, field]) => [name, example (field)]));
  const type = Array.isArray (s.type) ? s.type[0] : s.type;

  return { string: '', integer: s.minimum ?? 0, number: s.minimum ?? 0, boolean: false, array: [], object: {} }[type] ?? null;
}

/* The request that the form describes. */
function request (method, path, form) {
  const query = new URLSearchParams ();
  const headers = { Accept: 'application/json' };
  const key = at ('key').value.trim ();
  let url = path;

  for (const field of form.querySelectorAll ('[data-in]')) {
    const { in: place, name } = field.dataset;

    if (place === 'path')
      url = url.replace (`{${name}}`, encodeURIComponent (field.value));
    else if (field.value !== '' && place === 'query')
      query.set (name, field.value);
    else if (field.value !== '' && place === 'header')
      headers[name] = field.value;
  }
  if (key !== '')
    headers[key.startsWith ('dynoai_') ? 'X-API-Key' : 'Authorization'] = key.startsWith ('dynoai_') ? key : `Bearer ${key}`;
  const body = form.querySelector ('textarea')?.value;

  if (body)
    headers['Content-Type'] = 'application/json';

  return { url: query.size > 0 ? `${url}?${query}` : url,
           options: { method: method.toUpperCase (), headers, body: body || undefined, credentials: 'omit', cache: 'no-store' } };
}

async function send (method, path, form, output) {
  const { url, options } = request (method, path, form);

  output.hidden = false;
  output.textContent = `${options.method} ${url} …`;
  try {
    const reply = await fetch (url, options);
    const text = await reply.text ();
    let shown = text;

    try {
      shown = JSON.stringify (JSON.parse (text), null, 2);
    } catch { /* it is no JSON: as it is */ }
    output.textContent = `${reply.status} ${reply.statusText}\n\n${shown.slice (0, 100000)}`;
  } catch (error) {
    output.textContent = `No answer: ${error.message}`;
  }
}

function field (parameter) {
  const schema = resolve (parameter.schema);
  const input = schema.enum
    ? make ('select', { 'data-in': parameter.in, 'data-name': parameter.name }, make ('option', { value: '' }, ''),
            ...schema.enum.map ((value) => make ('option', { value }, String (value))))
    : make ('input', { 'data-in': parameter.in, 'data-name': parameter.name, placeholder: schema.default });

  return make ('label', {}, parameter.required ? `${parameter.name} *` : parameter.name, input);
}

function trial (method, path, operation, parameters) {
  const schema = bodySchema (operation);
  const output = make ('pre', { tabindex: '0', 'aria-label': 'Answer' });
  const form = make ('form', { class: 'try' }, make ('div', { class: 'fields' }, ...parameters.map (field)));

  output.hidden = true;
  if (schema) {
    const text = make ('textarea', { 'aria-label': 'Body (JSON)', spellcheck: 'false' });

    text.value = JSON.stringify (example (schema), null, 2);
    form.append (text);
  }
  form.append (make ('div', {}, make ('button', {}, 'Send')), output);
  form.addEventListener ('submit', (event) => {
    event.preventDefault ();
    send (method, path, form, output);
  });

  return form;
}

/* Filled when it is opened: a hundred forms at once are slow on a telephone. */
function operationOf (method, path, operation) {
  const details = make ('details', { id: operation.operationId },
    make ('summary', {}, make ('span', { class: `method ${method}` }, method.toUpperCase ()), make ('code', {}, path),
          make ('span', { class: 'summary' }, operation.summary ?? '')));

  details.dataset.words = [method, path, operation.summary, operation.description, operation['x-permission']].join (' ').toLowerCase ();
  details.addEventListener ('toggle', () => {
    if (!details.open || details.querySelector ('.body'))
      return;
    const parameters = (operation.parameters ?? []).map (resolve);

    details.append (make ('div', { class: 'body' }, make ('p', {}, ...prose (operation.description)),
      tableOf ('Parameter', parameters.map ((p) => row (p.name, p.schema, p.required, p.description))),
      bodySchema (operation) ? tableOf ('Body', rowsOf (bodySchema (operation))) : null,
      replies (operation), trial (method, path, operation, parameters)));
  });

  return details;
}

function operationsOf (tag) {
  return Object.entries (spec.paths).flatMap (([path, item]) =>
    METHODS.filter ((method) => item[method] && (item[method].tags ?? ['other']).includes (tag))
           .map ((method) => operationOf (method, path, item[method])));
}

function show () {
  const tags = (spec.tags ?? []).map ((tag) => tag.name);

  document.title = `${spec.info.title} ${spec.info.version}`;
  at ('title').textContent = document.title;
  at ('about').textContent = spec.info.description ?? '';
  at ('tags').replaceChildren (...tags.map ((tag) => make ('a', { href: `#tag-${tag}` }, tag)));
  at ('operations').replaceChildren (...tags.map ((tag) =>
    make ('section', { id: `tag-${tag}` }, make ('h2', {}, tag), ...operationsOf (tag))));
}

function find () {
  const wanted = at ('find').value.trim ().toLowerCase ();

  for (const section of document.querySelectorAll ('main section')) {
    let n = 0;

    for (const details of section.querySelectorAll ('details')) {
      details.hidden = wanted !== '' && !details.dataset.words.includes (wanted);
      n += details.hidden ? 0 : 1;
    }
    section.hidden = n === 0;
  }
}

async function start () {
  at ('tools').addEventListener ('submit', (event) => event.preventDefault ());
  at ('find').addEventListener ('input', find);
  try {
    const reply = await fetch ('/api/v1/openapi.json', { credentials: 'omit' });

    spec = await reply.json ();
    show ();
  } catch (error) {
    at ('operations').textContent = `The document could not be read: ${error.message}`;
  }
}

start ();
