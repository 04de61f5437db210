#!/usr/bin/env python3
"""Reduce the public cognito-idp service model to the facts the emulator validates requests with.

The model ships with botocore (Apache-2.0) as data/cognito-idp/2016-04-18/service-2.json.gz. What is
kept: each operation with its input, whether it has an output, whether it needs a signature and which
errors it may answer; the status of each error; every shape that a request can reach, with its
constraints. Documentation text is dropped, and so are shapes that appear in responses only.

Members are sorted by name, because that is the order in which Cognito reports several violations.

    python3 -m venv /tmp/botocore && /tmp/botocore/bin/pip install botocore==1.44.5
    /tmp/botocore/bin/python scripts/service-model.py            # writes the file
    /tmp/botocore/bin/python scripts/service-model.py --check    # fails when it would change
"""

import argparse
import difflib
import gzip
import json
import sys
from pathlib import Path

PINNED_BOTOCORE = "1.44.5"
MODEL = "data/cognito-idp/2016-04-18/service-2.json.gz"
FACTS = Path(__file__).resolve().parent.parent / "fixtures" / "cognito" / "service-model.json"

CLIENT_ERROR_STATUS = 400
SERVER_ERROR_STATUS = 500

# What each kind of shape may say besides its type. A trait outside this table stops the script, so
# that a new kind of constraint is never dropped in silence.
TRAITS = {
    "structure": {"members", "required", "sensitive", "document"},
    "list": {"member", "min", "max", "sensitive"},
    "map": {"key", "value", "min", "max", "sensitive"},
    "string": {"min", "max", "pattern", "enum", "sensitive"},
    "integer": {"min", "max"},
    "long": {"min", "max"},
    "double": {"min", "max"},
    "blob": {"min", "max"},
    "boolean": set(),
    "timestamp": set(),
}
MEMBER_TRAITS = {"shape", "documentation", "box", "deprecated", "deprecatedMessage"}


def botocore_directory(given):
    """The package directory of botocore: the one given, or the one that can be imported."""
    if given:
        return given
    try:
        import botocore
    except ImportError:
        sys.exit(
            "botocore is not installed: give its package directory with --botocore, "
            f"or run `pip install botocore=={PINNED_BOTOCORE}` in a virtual environment"
        )
    return Path(botocore.__file__).parent


def botocore_version(directory):
    """The version that a botocore package directory says it is."""
    for line in (directory / "__init__.py").read_text().splitlines():
        if line.startswith("__version__"):
            return line.split("=")[1].strip().strip("'\"")
    sys.exit(f"{directory / '__init__.py'} does not say its version")


def reduce_operation(operation):
    """One operation without its documentation."""
    return {
        "input": operation["input"]["shape"],
        "output": "output" in operation,
        "signed": operation.get("authtype") != "none",
        "errors": sorted(error["shape"] for error in operation["errors"]),
    }


def reduce_shape(name, shape):
    """One shape without its documentation; stops at a trait that this script does not know."""
    kind = shape["type"]
    unknown = set(shape) - {"type", "documentation"} - TRAITS[kind]
    if unknown:
        sys.exit(f"shape {name}: unknown traits {sorted(unknown)}")
    reduced = {"type": kind}
    if kind == "structure":
        for member, target in shape["members"].items():
            if set(target) - MEMBER_TRAITS:
                sys.exit(f"member {name}.{member}: unknown traits in {sorted(target)}")
        reduced["members"] = {m: shape["members"][m]["shape"] for m in sorted(shape["members"])}
        reduced["required"] = sorted(shape.get("required", []))
    for target in ("member", "key", "value"):
        if target in shape:
            reduced[target] = shape[target]["shape"]
    for trait in ("min", "max", "pattern", "enum", "sensitive", "document"):
        if trait in shape:
            reduced[trait] = shape[trait]
    return {key: value for key, value in reduced.items() if value not in ([], {})}


def reachable(model):
    """The names of the shapes that requests are made of."""
    shapes = model["shapes"]
    waiting = [operation["input"]["shape"] for operation in model["operations"].values()]
    found = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        shape = shapes[name]
        targets = list(shape.get("members", {}).values())
        targets += [shape[key] for key in ("member", "key", "value") if key in shape]
        waiting += [target["shape"] for target in targets]
    return found


def reduce_model(model, version):
    """The facts of the whole model as a dictionary in the order in which they are written."""
    shapes = model["shapes"]
    return {
        "botocore": version,
        "target": model["metadata"]["targetPrefix"],
        "errors": {
            name: SERVER_ERROR_STATUS if shape.get("fault") else CLIENT_ERROR_STATUS
            for name, shape in sorted(shapes.items())
            if shape.get("exception")
        },
        "operations": {n: reduce_operation(o) for n, o in sorted(model["operations"].items())},
        "shapes": {n: reduce_shape(n, shapes[n]) for n in sorted(reachable(model))},
    }


def written(facts):
    """The facts as text: one operation, error or shape on a line, so that a diff can be read."""
    sections = []
    for key, value in facts.items():
        if isinstance(value, dict):
            rows = [f"    {json.dumps(n)}: {json.dumps(row)}" for n, row in value.items()]
            sections.append(f"  {json.dumps(key)}: {{\n" + ",\n".join(rows) + "\n  }")
        else:
            sections.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--botocore",
        type=Path,
        metavar="DIR",
        help="package directory of botocore (default: the one that can be imported)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help=f"compare with the file instead of writing it; botocore=={PINNED_BOTOCORE} is pinned",
    )
    arguments = parser.parse_args()

    directory = botocore_directory(arguments.botocore)
    version = botocore_version(directory)
    if version != PINNED_BOTOCORE:
        sys.exit(
            f"{directory} is botocore {version}, but {PINNED_BOTOCORE} is pinned: install that, "
            "or change PINNED_BOTOCORE to move to another model on purpose"
        )
    model = json.loads(gzip.decompress((directory / MODEL).read_bytes()))
    text = written(reduce_model(model, version))
    if not arguments.check:
        FACTS.parent.mkdir(parents=True, exist_ok=True)
        FACTS.write_text(text)
        return
    present = FACTS.read_text() if FACTS.exists() else ""
    if present != text:
        difference = difflib.unified_diff(
            present.splitlines(), text.splitlines(), str(FACTS.name), "botocore", lineterm="", n=0
        )
        print("\n".join(difference))
        sys.exit(f"{FACTS.name} does not say what botocore says; run scripts/service-model.py")


if __name__ == "__main__":
    main()
