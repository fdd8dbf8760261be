#!/usr/bin/env python3
"""Scores leakscope on corpora with truth that lie outside this repository.

    tests/score.py SHARED [--bin target/release/leakscope] [--out DIR] [--errors N] [detection|individuals] [NAME ...]

SHARED holds corpora/NAME/{input,truth.jsonl,meta.json} with eval/detection/score.py, and people/NAME/{data,truth.csv} with
eval/individuals/score.py. Where they are not there, that half is skipped. Runs the binary on each corpus, turns its findings
and subjects into what the scorers read, and prints their tables. Nothing is judged: exit status 0 when everything ran.
Only the standard library is needed.
"""
import argparse
import csv
import json
import os
import subprocess
import sys

# leakscope's kinds in the scorers' words.
TYPES = {
    "person-name": "person_name", "postal-address": "postal_address", "postal-code": "postal_code", "phone": "phone",
    "email": "email", "payment-card": "card_number", "birth-date": "date_of_birth", "age": "age", "gender": "gender",
    "occupation": "occupation", "jp.my-number": "gov_id", "bank-account": "bank_account", "ip-address": "ip_address",
    "username": "username", "credential": "credential", "url": "url", "nationality": "nationality", "location": "geo",
    "birth-place": "location", "national-id": "gov_id", "passport": "gov_id", "driver-licence": "gov_id", "social-account": "url",
    "employer": "organization", "crypto-wallet": "crypto", "device-id": "mac_address",
}
PARTS = {"prefecture": "address_part", "city": "address_part", "building": "address_part", "country": "location"}


def typed(kind, part):
    if kind == "postal-address" and part in PARTS:
        return PARTS[part]
    if kind in TYPES:
        return TYPES[kind]
    if kind.startswith("special."):
        return "sensitive"
    if kind.startswith("medical"):
        return "medical_id"
    return "gov_id" if "." in kind else None


def run(binary, paths, out):
    os.makedirs(out, exist_ok=True)
    files = {name: os.path.join(out, name) for name in ("report.json", "findings.jsonl", "subjects.csv")}
    command = [binary, "scan", *paths, "--quiet", "--progress", "never", "-o", files["report.json"], "--findings", files["findings.jsonl"],
               "--subjects", files["subjects.csv"]]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 3):
        print(f"   exit {done.returncode}: {done.stderr.strip()[:300]}")
    return files


def below(path, base):
    return os.path.relpath(path, base).replace(os.sep, "/")


def detection(shared, binary, out, errors, names):
    corpora = os.path.join(shared, "corpora")
    if not os.path.isdir(corpora):
        return print("detection: no corpora there, skipped")
    wanted = os.path.join(out, "detection")
    os.makedirs(wanted, exist_ok=True)
    for name in sorted(names or os.listdir(corpora)):
        base = os.path.join(corpora, name, "input")
        if not os.path.isdir(base):
            continue
        files = run(binary, [base], os.path.join(out, "runs", name))
        with open(os.path.join(wanted, name + ".jsonl"), "w", encoding="utf-8") as target:
            for line in open(files["findings.jsonl"], encoding="utf-8"):
                found = json.loads(line)
                kind = typed(found["kind"], found.get("part"))
                if kind is None or "!/" in found["source"]:
                    continue
                row = {"file": below(found["source"], base), "type": kind, "row": found["record"]}
                # A file that is one table has no table name in the truth.
                if found["table"] != os.path.splitext(os.path.basename(found["source"]))[0]:
                    row["table"] = found["table"]
                if found["column_index"] is not None:
                    row["column_index"] = found["column_index"]
                if found["start"] is not None:
                    row.update(byte_start=found["start"], byte_end=found["end"])
                target.write(json.dumps(row, ensure_ascii=False) + "\n")
    command = [sys.executable, os.path.join(shared, "eval/detection/score.py"), "--corpora", corpora, "--findings-dir", wanted,
               "--json", os.path.join(out, "detection.json")]
    subprocess.run(command + (["--errors", str(errors)] if errors else []), check=True)


def individuals(shared, binary, out, names):
    people = os.path.join(shared, "people")
    if not os.path.isdir(people):
        return print("individuals: no people there, skipped")
    print(f"{'set':22} {'people':>7} {'rows':>7} {'best':>7} {'err %':>7} {'min':>7} {'max':>7}  in  {'P':>6} {'R':>6}  splits merges spurious")
    for name in sorted(names or os.listdir(people)):
        base = os.path.join(people, name, "data")
        if not os.path.isdir(base):
            continue
        files = run(binary, [base], os.path.join(out, "people", name))
        persons = json.load(open(files["report.json"], encoding="utf-8"))["subjects"]["persons"]
        adapted = os.path.join(out, "people", name, "scored.csv")
        seen = {}
        for row in csv.DictReader(open(files["subjects.csv"], newline="", encoding="utf-8")):
            seen.setdefault((below(row["source"], base), row["record"]), row["subject"])
        with open(adapted, "w", newline="", encoding="utf-8") as target:
            rows = csv.writer(target)
            rows.writerow(["file", "row", "subject_id"])
            rows.writerows((file, record, subject) for (file, record), subject in seen.items())
        command = [sys.executable, os.path.join(shared, "eval/individuals/score.py"), "--truth", os.path.join(people, name, "truth.csv"),
                   "--subjects", adapted, "--count", str(persons["best"]), "--at-least", str(persons["min"]), "--at-most", str(persons["max"]), "--json"]
        score = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(f"{name:22} {score['individuals']:7} {score['rows']:7} {persons['best']:7} {100 * score['err']:+7.2f} {persons['min']:7} {persons['max']:7}"
              f"  {'yes' if score['covered'] else 'NO '} {100 * score['pair_p']:6.2f} {100 * score['pair_r']:6.2f}"
              f"  {score['splits']:.4f} {score['merges']:.4f} {score['spurious']:.4f}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("shared")
    arguments.add_argument("what", nargs="?", choices=["detection", "individuals", "all"], default="all")
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("--bin", default="target/release/leakscope")
    arguments.add_argument("--out", default="target/score")
    arguments.add_argument("--errors", type=int, default=0)
    a = arguments.parse_args()
    if a.what != "individuals":
        detection(a.shared, a.bin, a.out, a.errors, a.names)
    if a.what != "detection":
        individuals(a.shared, a.bin, a.out, a.names)


if __name__ == "__main__":
    main()
