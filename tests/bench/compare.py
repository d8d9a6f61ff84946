#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The DynoAI authors
"""The same work on the same log by us, by pandas and by DuckDB: read a log of some
columns, leave out what is no reading, average the fuel factor of both cylinders in the
cells of an rpm and pressure grid. One line of JSON a figure, as the other benchmarks
print. Whole commands, one after the other, the best of a few rounds; time and memory
are those the kernel counts for the process.

    compare.py DYNOCTL [ROWS] [ROUNDS]

DuckDB comes from npm (@duckdb/node-api) into a folder that is removed at the end; what
is not there is left out with a line that says so."""

import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

COLUMNS = ["Time (s)", "Engine RPM", "MAP kPa", "TPS (%)", "AFR Front", "AFR Rear", "AFR CMD",
           "IAT (C)", "ET (C)", "Spark Advance Front", "Spark Advance Rear", "Battery Voltage",
           "Speed (km/h)", "Gear", "VE Front"]
PATTERN = 20000

PANDAS = """
import sys
import pandas as pd
log = pd.read_csv(sys.argv[1], engine='c')
rpm, load = log['Engine RPM'], log['MAP kPa']
base = log[(rpm > 400) & (load > 10) & (log['TPS (%)'].diff().abs().fillna(0) < 20)]
for side in ('AFR Front', 'AFR Rear'):
    good = base[(base[side] > 9) & (base[side] < 20)]
    factor = good[side] / good['AFR CMD']
    cells = factor.groupby([(good['Engine RPM'] / 500).round() * 500,
                            (good['MAP kPa'] / 10).round() * 10]).agg(['mean', 'count'])
    print(cells.unstack().to_string())
"""

DUCKDB = """
const duckdb = require('@duckdb/node-api');
async function main () {
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: process.argv[3] });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE log AS SELECT * FROM read_csv('${process.argv[2]}')`);
  for (const side of ['AFR Front', 'AFR Rear']) {
    const reader = await connection.runAndReadAll(`
      SELECT round("Engine RPM" / 500) * 500 AS rpm, round("MAP kPa" / 10) * 10 AS load,
             avg("${side}" / "AFR CMD") AS factor, count(*) AS hits
      FROM (SELECT *, abs("TPS (%)" - lag("TPS (%)", 1, "TPS (%)") OVER ()) AS move FROM log)
      WHERE "Engine RPM" > 400 AND "MAP kPa" > 10 AND move < 20
        AND "${side}" > 9 AND "${side}" < 20
      GROUP BY ALL ORDER BY ALL`);
    console.log(JSON.stringify(reader.getRowsJS(), (k, v) => typeof v === 'bigint' ? Number(v) : v));
  }
}
main();
"""


def say(text):
    print(text, file=sys.stderr)


def figure(name, value, unit):
    print(json.dumps({"bench": "compare", "figure": name, "value": round(value, 3), "unit": unit}),
          flush=True)


def make_body():
    """What stands behind the time, with the newline."""
    random.seed(7)
    body = []
    for i in range(PATTERN):
        rpm = 1500 + 2000 * (1 + math.sin(i * 0.004))
        load = 40 + 30 * (1 + math.sin(i * 0.0023 + 1))
        front = 13 + 0.4 * math.sin(i * 0.01) + random.gauss(0, 0.1)
        rear = 13.2 + random.gauss(0, 0.1)
        body.append(",%.1f,%.2f,%.2f,%.2f,%.2f,%.1f,%.1f,%.1f,%.2f,%.2f,%.2f,%.2f,%d,%.2f\n" % (
            rpm, load, load * 0.8, front, rear, 13, 31 + i % 7 * 0.1, 95 + i % 5 * 0.1,
            28 + i % 9 * 0.25, 27 + i % 9 * 0.25, 13.8 + i % 3 * 0.1, 60 + rpm * 0.01, 4,
            85 + load * 0.1))
    return body


def write_log(path, rows):
    body = make_body()
    with open(path, "w", encoding="ascii") as log:
        log.write(",".join(COLUMNS) + "\n")
        for begin in range(0, rows, PATTERN):
            log.write("".join("%.2f%s" % ((begin + i) * 0.05, body[i])
                              for i in range(min(PATTERN, rows - begin))))


def run(command, cwd=None):
    """Seconds, processor seconds and MiB of a command at its highest; None if it failed."""
    begin = time.monotonic()
    with open(os.devnull, "w", encoding="ascii") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=subprocess.PIPE, cwd=cwd)
        wrong = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        say("%s failed: %s" % (command[0], wrong.decode(errors="replace")[-300:]))
        return None
    return (time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(name, command, rows, size, rounds, cwd=None):
    found = [run(command, cwd) for _ in range(rounds)]
    found = [f for f in found if f is not None]
    if not found:
        return None
    seconds, processor_s, peak = min(found)
    figure(name + "_time", seconds, "s")
    figure(name + "_processor", min(f[1] for f in found), "s")
    figure(name + "_rate", size / 1e6 / seconds, "MB/s")
    figure(name + "_rows", rows / 1e6 / seconds, "Mrows/s")
    figure(name + "_peak", peak, "MiB")
    return seconds, processor_s, peak


def find_pandas():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import pandas"], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0:
            return python
    say("pandas is left out: apt-get install python3-pandas")
    return None


def install_duckdb(folder):
    if shutil.which("npm") is None or shutil.which("node") is None:
        say("DuckDB is left out: there is no npm")
        return False
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent",
                           "@duckdb/node-api"], cwd=folder, check=False)
    if done.returncode != 0:
        say("DuckDB is left out: npm cannot install @duckdb/node-api")
    return done.returncode == 0


def compare(ours, name, theirs):
    if ours is None or theirs is None:
        return
    figure(name + "_time_ratio", theirs[0] / ours[0], "times ours")
    figure(name + "_processor_ratio", theirs[1] / ours[1], "times ours")
    figure(name + "_peak_ratio", theirs[2] / ours[2], "times ours")


def main():
    dynoctl = os.path.abspath(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 5000000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    folder = tempfile.mkdtemp(prefix="dyno-compare-")
    log = os.path.join(folder, "log.csv")
    try:
        write_log(log, rows)
        size = os.path.getsize(log)
        figure("log", size / 1e6, "MB")
        measure("import", [dynoctl, "import", "--dry-run", log], rows, size, rounds)
        ours = measure("analyze", [dynoctl, "analyze", log, "--json"], rows, size, rounds)
        python = find_pandas()
        if python is not None:
            compare(ours, "pandas", measure("pandas", [python, "-c", PANDAS, log], rows, size,
                                            rounds))
        if install_duckdb(folder):
            script = os.path.join(folder, "compare.js")
            with open(script, "w", encoding="ascii") as text:
                text.write(DUCKDB)
            for threads in ("1", str(os.cpu_count())):
                name = "duckdb_%s_threads" % threads
                compare(ours, name, measure(name, ["node", script, log, threads], rows, size,
                                            rounds, folder))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
