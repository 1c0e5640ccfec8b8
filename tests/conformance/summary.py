#!/usr/bin/env python3
"""Reads what the conformance suite wrote, prints a line for each failure and a count, writes JUnit.

Only scenarios that the revision requires decide; the suite runs others beside them (extensions, scenarios
that came after the revision), whose failures are printed. A required scenario that cannot be passed yet
stands in expected-failures.toml with the reason, and fails the run once it passes.

    summary.py report SIDE REVISION FOLDER FILE [SCENARIO]   results of one side: a folder for each scenario
    summary.py has SIDE REVISION SCENARIO                    whether the revision has such a scenario
    summary.py merge FILE FILES…                             several reports as one
"""

import json
import re
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# Something that one should do counts as something that one must.
BAD = {"FAILURE", "WARNING"}


HERE = Path(__file__).parent
SUITE = HERE / "node_modules/@modelcontextprotocol/conformance"


def requirements(revision):
    return (SUITE / f"requirements/{revision}.yaml").read_text()


def required(side, revision):
    """The scenarios for a side that a revision requires, as the suite lists them."""
    listed = re.search(rf"^{side}:\n((?:[ #].*\n|\n)*)", requirements(revision), re.MULTILINE)
    names = set(re.findall(r"^ +- ([\w/-]+)", listed.group(1), re.MULTILINE)) if listed else set()
    if not names:
        sys.exit(f"the suite does not say which scenarios of the {side} {revision} requires")
    return names


def has(side, revision, name):
    beside = re.findall(rf"- scenario: ([\w/-]+)\n +leg: {side}\n", requirements(revision))
    return name in required(side, revision) | set(beside)


def expected_failures(side, revision):
    """Scenarios that cannot be passed yet, and why."""
    listed = tomllib.loads((HERE / "expected-failures.toml").read_text())
    expected = listed.get(side, {}).get(revision, {})
    unknown = set(expected) - required(side, revision)
    if unknown:
        sys.exit(f"expected-failures.toml names what {revision} does not require: {', '.join(sorted(unknown))}")
    return expected


def scenarios(side, folder):
    """The name of each scenario that was run, and what is wrong with it."""
    for path in sorted(folder.rglob("checks.json")):
        place = path.parent.relative_to(folder).as_posix()
        name = re.sub(r"-\d{4}-\d{2}-\d{2}T.*$", "", place)
        # "server-initialize" and the like begin with what the folder's name begins with.
        said = path.with_name("stderr.txt")
        said = said.read_text() if said.exists() else ""
        yield name.removeprefix("server-") if side == "server" else name, told(json.loads(path.read_text()), said)


def told(checks, said):
    """What is wrong, a line for each check, and what a client said of it; nothing where all is well."""
    wrong = [
        f"{check['id']}: {check['status']}: {check.get('errorMessage') or check.get('description')}"
        for check in checks
        if check["status"] in BAD
    ]
    # What was skipped altogether has shown nothing.
    if not wrong and not any(check["status"] == "SUCCESS" for check in checks):
        wrong = ["nothing was checked"]
    if wrong and said.strip():
        wrong.append(f"the client said: {said.strip()[-500:]}")
    return "\n".join(wrong)


def report(side, revision, folder, target, only=""):
    suite = ElementTree.Element("testsuite", name=f"mcp-conformance-{side}-{revision}")
    wanted = {only} & required(side, revision) if only else required(side, revision)
    expected = expected_failures(side, revision)
    missing = set(wanted)
    failed = excused = 0

    def count(name, wrong):
        nonlocal failed, excused
        case = ElementTree.SubElement(suite, "testcase", classname=f"{side}-{revision}", name=name)
        if wrong and name in expected:
            excused += 1
            ElementTree.SubElement(case, "skipped", message=expected[name])
            print(f"   {name}: fails as expected: {expected[name]}")
            return
        if name in expected:
            wrong = "it passes: take it out of tests/conformance/expected-failures.toml"
        if wrong:
            failed += 1
            ElementTree.SubElement(case, "failure", message="the conformance suite").text = wrong
            print(f"   {name}: {wrong}")

    for name, wrong in scenarios(side, folder):
        scored = {name, f"server-{name}"} & wanted
        if scored:
            missing -= scored
            count(scored.pop(), wrong)
        elif only:
            print(f"   not required: {name}: {wrong or 'passed'}")
        elif wrong:
            print(f"   not required: {name}: {wrong.splitlines()[0]}")
    for name in sorted(missing):
        count(name, "was not run")
    number = len(suite)
    ElementTree.ElementTree(suite).write(target)
    but = f", {excused} fail as expected" if excused else ""
    print(f"   {side}, {revision}: {number - failed - excused} of {number} scenarios passed{but}")
    return 1 if failed or not (number or only) else 0


def merge(target, files):
    suites = ElementTree.Element("testsuites")
    suites.extend(ElementTree.parse(file).getroot() for file in files)
    ElementTree.ElementTree(suites).write(target)


match sys.argv[1:]:
    case ["report", side, revision, folder, target, *only]:
        sys.exit(report(side, revision, Path(folder), target, *only))
    case ["has", side, revision, name]:
        sys.exit(0 if has(side, revision, name) else 1)
    case ["merge", target, *files]:
        merge(target, files)
    case _:
        sys.exit(__doc__)
