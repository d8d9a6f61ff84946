#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The DynoAI authors
"""How many requests a second, and how late: our service beside FastAPI (uvicorn with
uvloop and httptools) and Express on the same machine in the same go. Of ours: a bare
answer, and one vehicle read with a key, counted by every limit, logged and metered; of
the others a bare answer of the same length. One line of JSON a figure.

    serve.py DYNOCTL [SECONDS] [CONNECTIONS]

The load comes from wrk. What is not installed is left out with a line that says so;
Express comes from npm into a folder that is removed at the end."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

FASTAPI = """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
app = FastAPI()
ANSWER = {"status": "alive", "timestamp": "2026-11-20T20:03:47.208Z"}
@app.get('/')
async def root():
    return ANSWER
"""

EXPRESS = """
const express = require('express');
const app = express();
app.get('/', (req, res) => res.json({ status: 'alive', timestamp: '2026-11-20T20:03:47.208Z' }));
app.listen(Number(process.argv[2]), '127.0.0.1');
"""


def say(**figure):
    print(json.dumps(figure), flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    for _ in range(200):
        if process.poll() is not None:
            return False
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def seconds_of(text):
    number, unit = re.fullmatch(r'([\d.]+)(us|ms|s)', text).groups()
    return float(number) * {'us': 1e-6, 'ms': 1e-3, 's': 1}[unit]


def cpu_seconds(pid):
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def memory_mib(pid):
    for line in open(f'/proc/{pid}/status'):
        if line.startswith('VmRSS'):
            return int(line.split()[1]) / 1024
    return None


def load(name, url, pid, seconds, connections, headers=()):
    extra = [word for header in headers for word in ('-H', header)]
    before = cpu_seconds(pid)
    run = subprocess.run(['wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--latency', *extra, url],
                         capture_output=True, text=True, check=True)
    used = cpu_seconds(pid) - before
    latency = dict(re.findall(r'^\s+(50|99)%\s+(\S+)', run.stdout, re.M))
    rate = float(re.search(r'Requests/sec:\s+([\d.]+)', run.stdout).group(1))
    total = int(re.search(r'(\d+) requests in', run.stdout).group(1))
    bad = re.search(r'Non-2xx or 3xx responses: (\d+)', run.stdout)
    say(bench='serve', name=name, connections=connections, per_second=round(rate),
        p50_ms=round(seconds_of(latency['50']) * 1e3, 2), p99_ms=round(seconds_of(latency['99']) * 1e3, 2),
        cpu_us=round(used / max(total, 1) * 1e6, 1), rss_mib=round(memory_mib(pid), 1),
        refused=int(bad.group(1)) if bad else 0)


def ask(port, path, key, body=None):
    request = urllib.request.Request(f'http://127.0.0.1:{port}{path}',
                                     data=json.dumps(body).encode() if body else None,
                                     headers={'X-API-Key': key, 'Content-Type': 'application/json'})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def ours(dynoctl, folder, seconds, connections):
    port = free_port()
    key = secrets.token_urlsafe(36)
    master = os.path.join(folder, 'master')
    with open(os.open(master, os.O_WRONLY | os.O_CREAT, 0o600), 'w') as file:
        file.write(secrets.token_hex(32))
    os.mkdir(os.path.join(folder, 'run'), 0o700)
    environment = dict(os.environ, DYNOAI_MASTER_KEY_FILE=master, API_KEYS=key,
                       API_KEYS_SCOPES='shop:read,shop:write', RATE_LIMIT_ENABLED='false',
                       XDG_RUNTIME_DIR=os.path.join(folder, 'run'))
    process = subprocess.Popen([dynoctl, '--data-dir', os.path.join(folder, 'data'), 'serve', '--port',
                                str(port), '--json'], env=environment, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        process.stdout.readline()
        vehicle = ask(port, '/api/v1/vehicles', key, {'label': 'FXDLS Rosa'})['id']
        load('bare', f'http://127.0.0.1:{port}/health/live', process.pid, seconds, connections)
        load('keyed row', f'http://127.0.0.1:{port}/api/v1/vehicles/{vehicle}', process.pid, seconds,
             connections, [f'X-API-Key: {key}'])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def other(name, command, folder, seconds, connections, port):
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if wait_for(port, process):
            load(name, f'http://127.0.0.1:{port}/', process.pid, seconds, connections)
        else:
            say(bench='serve', name=name, left_out='it did not start')
    finally:
        process.kill()
        process.wait()


def fastapi(folder, seconds, connections):
    port = free_port()
    with open(os.path.join(folder, 'bare.py'), 'w') as file:
        file.write(FASTAPI)
    if subprocess.run(['/usr/bin/python3', '-c', 'import fastapi, uvicorn, uvloop, httptools'],
                      stderr=subprocess.DEVNULL).returncode != 0:
        say(bench='serve', name='fastapi', left_out='python3-fastapi, uvicorn, uvloop, httptools')
        return
    other('fastapi', ['/usr/bin/python3', '-m', 'uvicorn', 'bare:app', '--port', str(port),
                      '--log-level', 'error', '--no-access-log'], folder, seconds, connections, port)


def express(folder, seconds, connections):
    port = free_port()
    if shutil.which('npm') is None or subprocess.run(
            ['npm', 'install', '--silent', '--no-fund', '--no-audit', 'express'], cwd=folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
        say(bench='serve', name='express', left_out='npm install express')
        return
    with open(os.path.join(folder, 'bare.js'), 'w') as file:
        file.write(EXPRESS)
    other('express', ['node', 'bare.js', str(port)], folder, seconds, connections, port)


def main():
    if len(sys.argv) < 2 or shutil.which('wrk') is None:
        sys.exit('serve.py DYNOCTL [SECONDS] [CONNECTIONS]; wrk must be installed')
    dynoctl = os.path.abspath(sys.argv[1])
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    connections = int(sys.argv[3]) if len(sys.argv) > 3 else 64
    with tempfile.TemporaryDirectory() as folder:
        ours(dynoctl, folder, seconds, connections)
        fastapi(folder, seconds, connections)
        express(folder, seconds, connections)


main()
