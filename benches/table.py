#!/usr/bin/env python3
"""How fast leakscope is beside tools that everybody has: one table of ratios, all measured in one run.

    cargo build --release
    cargo bench --bench scan -- --generate members.csv 1000000000
    python3 benches/table.py target/release/leakscope members.csv [MORE FILES] [--runs 3]

For each file: leakscope on one thread and on all, `wc -l`, `rg -c` with one e-mail pattern, `gzip -t` where the file is one, and (for CSV with
columns `email` and `phone`, where Python's `duckdb` is installed) DuckDB counting both distinct. Each is run in turn, so that the load of the machine falls
on all alike; the median is told. Wall time is what counts on a quiet machine, CPU seconds where others work beside.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"

DUCKDB = """
import sys, duckdb
duckdb.sql("set threads to 2")
print(duckdb.sql(f"select count(distinct lower(email)), count(distinct phone) from read_csv('{sys.argv[1]}', all_varchar=true)").fetchall())
"""


def run(command):
    """Runs a command; its wall and CPU seconds and its peak memory in MiB, or None when it fails."""
    with tempfile.TemporaryFile() as errors:
        before = os.times()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        after = os.times()
        # leakscope exits with 3 where something could not be read.
        if process.returncode not in (0, 3):
            errors.seek(0)
            print(f"{command[0]}: {errors.read()[-200:]!r}", file=sys.stderr)
            return None
        return after.elapsed - before.elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def commands(leakscope, file):
    """What is measured on a file, by name."""
    all_threads = str(os.cpu_count() or 1)
    found = {
        "leakscope": [leakscope, "scan", "-q", "-j", all_threads, file],
        "leakscope, 1 thread": [leakscope, "scan", "-q", "-j", "1", file],
    }
    if file.endswith(".gz"):
        found["gzip -t"] = ["gzip", "-t", file]
        return found
    found["wc -l"] = ["wc", "-l", file]
    if shutil.which("rg"):
        found["rg -c e-mail"] = ["rg", "-c", "-a", EMAIL, file]
    has_duckdb = subprocess.run([sys.executable, "-c", "import duckdb"], capture_output=True).returncode == 0
    if file.endswith(".csv") and has_duckdb:
        found["DuckDB, two distinct"] = [sys.executable, "-c", DUCKDB, file]
    return found


def table(leakscope, file, runs):
    """Prints the table of one file."""
    size = os.path.getsize(file)
    todo = commands(leakscope, file)
    results = {name: [] for name in todo}
    for _ in range(runs):
        for name, command in todo.items():
            result = run(command)
            if result:
                results[name].append(result)
    print(f"\n{file}: {size / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {runs} runs\n")
    print("| tool | wall s | CPU s | MB per CPU s | peak MiB | leakscope / this (wall) | (CPU) |")
    print("|---|---|---|---|---|---|---|")
    medians = {
        name: [statistics.median(values) for values in zip(*measured)]
        for name, measured in results.items()
        if measured
    }
    ours = medians.get("leakscope")
    for name, (wall, cpu, memory) in medians.items():
        ratios = f"{ours[0] / max(wall, 1e-9):.2f} | {ours[1] / max(cpu, 1e-9):.2f}" if ours else "- | -"
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {size / 1e6 / max(cpu, 1e-9):.0f} | {memory:.0f} | {ratios} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("leakscope")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    for file in args.files:
        table(args.leakscope, file, args.runs)


if __name__ == "__main__":
    main()
