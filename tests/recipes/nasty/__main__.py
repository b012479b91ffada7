"""Run the suite on this Python: `python -X dev -W error -m recipes.nasty [NAME ...] [--instead NAME=FILE ...]`.

With names, only these programs run. With `--instead`, another file takes the place of a recipe, such as an
older release. Prints each fault, and exits with 1 if there is one.
"""

import argparse
import faulthandler
import gc
import importlib.util
import inspect
import multiprocessing
import os
import re
import sys
import warnings
from pathlib import Path
from typing import Any, Dict, List

from recipes.nasty import blocking, coroutines, leaks
from recipes.nasty.scenarios import SCENARIOS, Scenario

RECIPES = Path(__file__).resolve().parents[3] / "snippets/recipes"
SECONDS = 60
"""For one program with all checks. One that hangs is ended, with its stack."""


def load(name: str, path: Path) -> Any:
    """Import the file of a recipe."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def supported(path: Path) -> bool:
    """Return whether this Python is not older than a recipe needs."""
    floor = re.search(r"^# Python: 3\.(\d+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return floor is not None and sys.version_info >= (3, int(floor[1]))


def check(scenario: Scenario, path: Path) -> int:
    """Run all checks of a scenario, print the faults, and return their number."""
    if not supported(path):
        return 0
    module = load(scenario.recipe, path)
    if inspect.iscoroutinefunction(scenario.program):
        checks = coroutines.check(scenario, module, uvloop=not arguments.without_uvloop)
    else:
        checks = blocking.check(scenario, module)
    found = 0
    for name, runs, faults in checks:
        found += len(faults)
        if arguments.verbose:
            print(f"{scenario.name}: {name}: {runs}", flush=True)
        for fault in faults:
            message = f"{scenario.name}: {name}: {fault}"
            print(message, flush=True)
            if arguments.until and arguments.until in message:
                os._exit(1)
    return found


parser = argparse.ArgumentParser()
parser.add_argument("names", nargs="*")
parser.add_argument("--instead", action="append", default=[])
parser.add_argument("--until", metavar="TEXT", help="stop at a fault that holds this text")
parser.add_argument("--verbose", action="store_true")
parser.add_argument("--without-uvloop", action="store_true", help="spare the half of the time that is real")
arguments = parser.parse_args()
instead: Dict[str, Path] = {name: Path(path) for name, path in (each.split("=") for each in arguments.instead)}
chosen: List[Scenario] = [
    each for each in SCENARIOS.values() if not arguments.names or {each.name, each.recipe} & {*arguments.names}
]
multiprocessing.set_start_method("fork")  # so that no server of processes stays
warnings.filterwarnings("ignore", ".*multi-threaded.*fork")  # some programs do just that
gc.freeze()  # so that collections are fast
gc.disable()  # so that a reference cycle is seen
leaks.adopt_orphans()
leaks.load_what_threads_need()
total = 0
for one in chosen:
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    total += check(one, instead.get(one.recipe, RECIPES / one.recipe / f"{one.recipe}.py"))
    sys.unraisablehook = lambda _: None  # a coroutine is collected that a Ctrl-C has cut off
    gc.collect()
    sys.unraisablehook = sys.__unraisablehook__
faulthandler.cancel_dump_traceback_later()
sys.stdout.flush()
os._exit(bool(total))  # what was given up could hang, or complain
